package io.tenantpool.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** The PoolerCluster that serves a Tenant; {@code namespace} defaults to the Tenant's own. */
public record PoolerClusterRef(String name, @Nullable String namespace) {}
