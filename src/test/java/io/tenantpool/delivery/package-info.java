/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.delivery;

import org.jspecify.annotations.NullMarked;
