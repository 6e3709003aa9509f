package io.tenantpool.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a PoolerCluster consists of. */
public record PoolerClusterSpec(
        @Nullable Engine engine,
        @Nullable String image,
        List<Upstream> upstreams,
        @Nullable List<Listener> listeners,
        @Nullable AllowedTenants allowedTenants,
        ClientTls tls,
        @Nullable PodSettings pod) {

    /** The pooler program. */
    public enum Engine {
        PgBouncer
    }

    /** TLS between clients and poolers. */
    public record ClientTls(TlsMode mode) {}

    /** How a connection is encrypted. */
    public enum TlsMode {
        Disable
    }
}
