/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.observe;

import org.jspecify.annotations.NullMarked;
