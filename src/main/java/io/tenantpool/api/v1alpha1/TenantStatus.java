package io.tenantpool.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a Tenant. */
public record TenantStatus(
        @Nullable Long observedGeneration,
        @Nullable List<Condition> conditions,
        @Nullable Proven proven,
        @Nullable Binding binding,
        @Nullable List<TenantEndpoint> endpoints,
        @Nullable Placement placement) {

    /** What the last proof covered. */
    public record Proven(Long generation, String credentialsVersion) {}

    /** The servicebinding.io Secret with the connection strings. */
    public record Binding(String name) {}

    /** The published address of one door. */
    public record TenantEndpoint(String listener, String host, Integer port) {}

    /** Which pooler serves the Tenant. */
    public record Placement(String poolerCluster, String cell) {}
}
