package io.tenantpool.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** A door: one address and port with one pool mode. */
public record Listener(
        String name,
        @Nullable PoolMode poolMode,
        Integer port,
        @Nullable Integer replicas,
        @Nullable Integer maxClientConnectionsPerPod,
        @Nullable Integer defaultPoolSize,
        @Nullable Integer terminationGracePeriodSeconds) {

    /** When a server connection goes back to the pool. */
    public enum PoolMode {
        Transaction
    }
}
