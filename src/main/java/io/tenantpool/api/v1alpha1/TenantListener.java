package io.tenantpool.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** A door that the Tenant uses, by the name of the PoolerCluster's listener. */
public record TenantListener(
        String name, @Nullable Integer poolSize, @Nullable Integer maxClientConnectionsPerPod) {}
