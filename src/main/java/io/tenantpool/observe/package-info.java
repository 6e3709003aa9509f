/** Metrics, events and health. */
@NullMarked
package io.tenantpool.observe;

import org.jspecify.annotations.NullMarked;
