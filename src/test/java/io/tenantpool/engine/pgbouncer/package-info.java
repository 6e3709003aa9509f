/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.engine.pgbouncer;

import org.jspecify.annotations.NullMarked;
