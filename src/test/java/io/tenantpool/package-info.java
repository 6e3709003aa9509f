/** Tests of the source as a whole. */
@NullMarked
package io.tenantpool;

import org.jspecify.annotations.NullMarked;
