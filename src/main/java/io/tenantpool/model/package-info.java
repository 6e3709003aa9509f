/**
 * Immutable records and the pure decisions: what a PoolerCluster and a Tenant resolve to, who holds which name, what each
 * pooler shall serve, how many connections a pod gets.
 *
 * <p>Never here: a Kubernetes client, the framework, a clock, a socket, randomness or a log. The same input always gives
 * the same plan.
 */
@NullMarked
package io.tenantpool.model;

import org.jspecify.annotations.NullMarked;
