package io.tenantpool.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server that tenants may name; a tenant never gives a host itself. */
public record Upstream(
        String name,
        Type type,
        @Nullable StaticEndpoints staticEndpoints,
        UpstreamTls tls,
        @Nullable Connections connections) {

    /** Where the addresses of an upstream come from. */
    public enum Type {
        Static
    }

    /** Addresses that are written down. */
    public record StaticEndpoints(List<Endpoint> endpoints) {}

    /** One server. */
    public record Endpoint(
            String host, @Nullable Integer port, @Nullable Role role) {}

    /** What a server is in its replication group. */
    public enum Role {
        Primary,
        Replica
    }

    /** TLS between poolers and PostgreSQL. */
    public record UpstreamTls(PoolerClusterSpec.TlsMode mode) {}

    /** How many server connections the poolers may use. */
    public record Connections(
            @Nullable Integer max, @Nullable Integer reserved) {}
}
