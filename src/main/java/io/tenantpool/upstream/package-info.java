/**
 * Asks PostgreSQL servers themselves: how many connections they take and have. Its sockets are the only ones that lead
 * to PostgreSQL and not to a pooler; each is open for one question.
 *
 * <p>Never here: a socket to a pooler, a Kubernetes client, or a decision on what a tenant gets.
 */
@NullMarked
package io.tenantpool.upstream;

import org.jspecify.annotations.NullMarked;
