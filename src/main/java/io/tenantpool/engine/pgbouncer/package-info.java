/** PgBouncer: its files, its pod, its console and its error texts. */
@NullMarked
package io.tenantpool.engine.pgbouncer;

import org.jspecify.annotations.NullMarked;
