package io.tenantpool.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The pools that pods have. One that is wanted no more keeps its names until every pod that clients reach has dropped it,
 * and its connections until those that stop are gone, too. Confined to the delivery loop.
 */
final class OpenPools {
    private final PoolerPods pods;
    private final Map<String, Wanted.Pool> wanted = new HashMap<>();
    private final Map<String, LetGo> letGo = new HashMap<>();

    OpenPools(PoolerPods pods) {
        this.pods = pods;
    }

    /**
     * @param number of the first revision without the pool
     * @param open server connections that one pod may hold of it
     */
    private record LetGo(Wanted.Pool pool, long number, int open) {}

    /**
     * @param number of the revision that holds the pools
     * @param settled UIDs of tenants whose lowered pools were seen to hold no more than their share: the plan that let one
     *     go counted on that, too
     */
    void take(Collection<Wanted.Pool> pools, long number, Set<String> settled) {
        var before = Map.copyOf(wanted);
        wanted.clear();
        for (var pool : pools) {
            var key = pool.tenantUid() + "/" + pool.poolName();
            wanted.put(key, pool); // what a pod that stops still holds of it counts all the same
        }
        before.forEach((key, pool) -> {
            if (!wanted.containsKey(key)) {
                var open = settled.contains(pool.tenantUid()) ? pool.share() : pool.counted();
                letGo.put(key, new LetGo(pool, number, open));
            }
        });
    }

    /** By upstream: the shares of pools that were let go and that some pod may still have. */
    Map<String, Integer> stillOpen() {
        forgetDropped();
        var shares = new HashMap<String, Integer>();
        letGo.values().forEach(gone -> shares.merge(gone.pool().upstream(), gone.open(), Integer::sum));
        return shares;
    }

    /** Names that were let go and that some pod may still serve, {@code others} among them, but none that is wanted. */
    Set<String> stillServed(Set<String> others) {
        forgetDropped();
        if (letGo.isEmpty() && others.isEmpty()) {
            return Set.of(); // the rule, several times a second for each pooler: nobody looks at those that are wanted
        }
        var names = new HashSet<>(others);
        var slowest = pods.slowest(); // nobody comes to a pod that stops
        letGo.values().stream()
                .filter(gone -> gone.number() > slowest)
                .forEach(gone -> names.addAll(names(gone.pool())));
        wanted.values().forEach(pool -> names.removeAll(names(pool)));
        return names;
    }

    private static Set<String> names(Wanted.Pool pool) {
        var names = new HashSet<String>();
        names.add(pool.poolName());
        pool.roles().forEach(role -> names.add(role.name()));
        return names;
    }

    private void forgetDropped() {
        if (!letGo.isEmpty()) {
            var slowest = pods.slowestHolder();
            letGo.values().removeIf(gone -> gone.number() <= slowest);
        }
    }
}
