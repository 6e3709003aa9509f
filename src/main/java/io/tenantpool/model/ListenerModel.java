package io.tenantpool.model;

/** A listener with its defaults filled in. */
public record ListenerModel(
        String name,
        String poolMode,
        int port,
        int replicas,
        int maxClientConnectionsPerPod,
        int defaultPoolSize,
        int terminationGracePeriodSeconds) {

    /**
     * The server connections of one tenant that one pod may open, so that all pods together reach {@code poolSize} at
     * the listener's normal size; at least 1.
     */
    public int share(int poolSize) {
        return Math.max(1, (poolSize + replicas - 1) / replicas);
    }
}
