/**
 * PgBouncer: every file name, setting, line and error text of it. docs/pgbouncer.md has the rules and their reasons.
 *
 * <p>Never elsewhere: a word of PgBouncer's configuration. Never here: what is served, which {@code model} decides.
 */
@NullMarked
package io.tenantpool.engine.pgbouncer;

import org.jspecify.annotations.NullMarked;
