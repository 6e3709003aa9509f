/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.resource;

import org.jspecify.annotations.NullMarked;
