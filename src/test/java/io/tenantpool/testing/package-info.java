/**
 * The fast harness of the integration tests and of the demo: an API server double, a local node that runs real
 * PgBouncer processes, an embedded PostgreSQL and the operator as a process of its own. No containers needed.
 */
@NullMarked
package io.tenantpool.testing;

import org.jspecify.annotations.NullMarked;
