/**
 * The API {@code tenantpool.io/v1alpha1}: the kinds PoolerCluster and Tenant, their parts, condition types and reasons,
 * and the rules that the schema enforces. {@code crds/} is generated from it.
 *
 * <p>Never here: anything else of ours. No other package is imported, so that the API can be read
 * alone.
 */
@NullMarked
package io.tenantpool.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
