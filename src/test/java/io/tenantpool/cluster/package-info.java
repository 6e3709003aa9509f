/** The cluster tier: stories told on a real cluster, with real poolers, a real PostgreSQL and the built operator. */
@NullMarked
package io.tenantpool.cluster;

import org.jspecify.annotations.NullMarked;
