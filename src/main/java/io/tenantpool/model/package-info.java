/** Immutable records and the pure decisions: resolve, claims, shares. */
@NullMarked
package io.tenantpool.model;

import org.jspecify.annotations.NullMarked;
