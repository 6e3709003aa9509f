package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Listener.PoolMode;
import io.tenantpool.api.v1alpha1.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * A listener with its defaults filled in.
 *
 * @param target the servers that it leads to
 * @param replicas pods of each cell at the normal size; the fewest of an autoscaled one
 * @param maxReplicas the most pods of each cell; the same as {@code replicas} when it is not autoscaled
 * @param targetCpuPercentage null when the number of pods is fixed
 */
public record ListenerModel(
        String name,
        String poolMode,
        Upstream.Role target,
        int port,
        int replicas,
        int maxReplicas,
        @Nullable Integer targetCpuPercentage,
        int maxClientConnectionsPerPod,
        int defaultPoolSize,
        int terminationGracePeriodSeconds) {

    /** Pods beside those that are wanted: one more while a rollout goes on, and one that is stopping. */
    private static final int PASSING_PODS = 2;

    public boolean isSession() {
        return PoolMode.Session.name().equals(poolMode);
    }

    public boolean isStatement() {
        return PoolMode.Statement.name().equals(poolMode);
    }

    public boolean isAutoscaled() {
        return targetCpuPercentage != null;
    }

    /** The most pods that hold connections at a time, as long as no node is drained during a rollout. */
    public int podsAtMost() {
        return maxReplicas + PASSING_PODS;
    }

    /**
     * The part of {@code size} connections that one pod may open, at least 1: all pods together reach {@code size} at the
     * normal size. Twice as much on a session door, where a client keeps its connection: an even split lets clients wait
     * at one pod beside free connections at another (measured, docs/capacity.md).
     */
    public int share(int size) {
        var part = ceil(isSession() ? 2 * size : size, replicas);
        return Math.max(1, Math.min(size, part));
    }

    /** The smallest pool of which one pod gets {@code share}. */
    public int smallest(int share) {
        var size = share;
        while (share(size) < share) {
            size++;
        }
        return size;
    }

    private static int ceil(int number, int divisor) {
        return (number + divisor - 1) / divisor;
    }
}
