package io.tenantpool.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a PoolerCluster. */
public record PoolerClusterStatus(
        @Nullable Long observedGeneration,
        @Nullable List<Condition> conditions,
        @Nullable List<ListenerStatus> listeners,
        @Nullable TenantCounts tenants) {

    /** One door of one cell. */
    public record ListenerStatus(
            String name, String cell, String host, Integer port, Integer pods, Integer podsUpToDate) {}

    /** How many Tenants were let in. */
    public record TenantCounts(Integer accepted) {}
}
