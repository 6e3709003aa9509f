package io.tenantpool.model;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the world when a plan is made, beside the objects themselves.
 *
 * @param poolers those whose pods are known
 * @param braked servers that are nearly out of connections
 * @param forgetful poolers whose removed roles are forgotten with this plan: every pod serves what is held of them
 */
public record Observed(
        Instant now, Map<PoolerId, PoolerObservation> poolers, Set<ServerKey> braked, Set<PoolerId> forgetful) {

    Optional<PoolerObservation> pooler(PoolerId id) {
        return Optional.ofNullable(poolers.get(id));
    }

    /** Names that were let go but that some pod of any pooler may still serve. */
    Set<String> stillServed() {
        var names = new HashSet<String>();
        poolers.values().stream()
                .map(PoolerObservation::stillServed)
                .forEach((Collection<String> n) -> names.addAll(n));
        return names;
    }

    boolean isSettled(PoolerId id, String tenantUid) {
        return pooler(id).filter(known -> known.settled().contains(tenantUid)).isPresent();
    }

    boolean isEmpty(PoolerId id, String tenantUid) {
        return pooler(id).filter(known -> known.empty().contains(tenantUid)).isPresent();
    }
}
