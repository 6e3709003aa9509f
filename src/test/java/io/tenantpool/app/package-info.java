/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.app;

import org.jspecify.annotations.NullMarked;
