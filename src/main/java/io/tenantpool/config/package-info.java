/** Typed settings, checked at start. */
@NullMarked
package io.tenantpool.config;

import org.jspecify.annotations.NullMarked;
