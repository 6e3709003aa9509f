package io.tenantpool.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Tenant asks for. */
public record TenantSpec(
        PoolerClusterRef poolerClusterRef,
        String upstream,
        String database,
        @Nullable String poolName,
        List<TenantUser> users,
        @Nullable List<TenantListener> listeners) {}
