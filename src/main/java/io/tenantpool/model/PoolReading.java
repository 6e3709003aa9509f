package io.tenantpool.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What the pods of one pooler said of their pools at about the same time.
 *
 * @param at when they were asked
 * @param podsAsked the ones that could be reached; those that gave no answer are missing from {@code pods}
 * @param pods by the pod's name, then by the pool's; a pool that nobody asked a pod for may be missing
 */
public record PoolReading(Instant at, int podsAsked, Map<String, Map<String, PoolUsage>> pods) {
    /** What a pooler says that nobody wants. */
    public static PoolReading none(Instant at) {
        return new PoolReading(at, 0, Map.of());
    }

    public int podsRead() {
        return pods.size();
    }

    /** All pods that were read, together. */
    public PoolUsage sum(String poolName) {
        return pods.values().stream()
                .map(pools -> pools.getOrDefault(poolName, PoolUsage.NONE))
                .reduce(PoolUsage.NONE, PoolUsage::plus);
    }

    /** The pod on which the most connections of the pool are in use, the most clients waiting when several are equal. */
    public Optional<String> fullest(String poolName) {
        Comparator<Map.Entry<String, PoolUsage>> fuller =
                Comparator.comparingInt(entry -> entry.getValue().active());
        return pods.keySet().stream()
                .map(pod -> Map.entry(pod, usage(pod, poolName)))
                .max(fuller.thenComparing(entry -> entry.getValue().waiting())
                        .thenComparing(
                                Map.Entry.<String, PoolUsage>comparingByKey().reversed()))
                .map(Map.Entry::getKey);
    }

    /** What this pod said of the pool. */
    public PoolUsage usage(String pod, String poolName) {
        return pods.getOrDefault(pod, Map.of()).getOrDefault(poolName, PoolUsage.NONE);
    }
}
