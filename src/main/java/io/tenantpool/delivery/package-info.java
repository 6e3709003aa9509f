/** Kick, reload, read back, prove: the only sockets to poolers. */
@NullMarked
package io.tenantpool.delivery;

import org.jspecify.annotations.NullMarked;
