/** The two kinds of the group {@code tenantpool.io}, their parts, condition types and reasons. */
@NullMarked
package io.tenantpool.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
