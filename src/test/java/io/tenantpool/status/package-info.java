/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.status;

import org.jspecify.annotations.NullMarked;
