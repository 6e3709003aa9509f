/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.upstream;

import org.jspecify.annotations.NullMarked;
