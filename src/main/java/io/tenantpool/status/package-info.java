/** Conditions and their derivation. */
@NullMarked
package io.tenantpool.status;

import org.jspecify.annotations.NullMarked;
