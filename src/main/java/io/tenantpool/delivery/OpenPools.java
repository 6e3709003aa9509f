package io.tenantpool.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pools that pods have. One that is wanted no more keeps its names until every pod that clients reach has dropped it,
 * and its connections until those that stop are gone, too. Confined to the delivery loop.
 */
final class OpenPools {
    private final PoolerPods pods;
    private final Map<String, Open> open = new HashMap<>();

    OpenPools(PoolerPods pods) {
        this.pods = pods;
    }

    /** A pool and the number of the first revision without it, null while it is wanted. */
    private record Open(Wanted.Pool pool, @Nullable Long letGo) {}

    /** @param number of the revision that holds the pools */
    void take(Collection<Wanted.Pool> pools, long number) {
        open.replaceAll((key, before) -> before.letGo() == null ? new Open(before.pool(), number) : before);
        for (var pool : pools) {
            open.put(pool.tenantUid() + "/" + pool.poolName(), new Open(pool, null));
        }
    }

    /** By upstream: the shares of pools that were let go and that some pod may still have. */
    Map<String, Integer> stillOpen() {
        forgetDropped();
        var shares = new HashMap<String, Integer>();
        open.values().stream()
                .filter(pool -> pool.letGo() != null)
                .forEach(
                        pool -> shares.merge(pool.pool().upstream(), pool.pool().counted(), Integer::sum));
        return shares;
    }

    /** Names that were let go and that some pod may still serve, {@code others} among them, but none that is wanted. */
    Set<String> stillServed(Set<String> others) {
        forgetDropped();
        var slowest = pods.slowest(); // nobody comes to a pod that stops
        var names = new HashSet<>(others);
        open.values().stream()
                .filter(pool -> pool.letGo() != null && pool.letGo() > slowest)
                .forEach(pool -> names.addAll(names(pool)));
        open.values().stream().filter(pool -> pool.letGo() == null).forEach(pool -> names.removeAll(names(pool)));
        return names;
    }

    private static Set<String> names(Open open) {
        var names = new HashSet<String>();
        names.add(open.pool().poolName());
        open.pool().roles().forEach(role -> names.add(role.name()));
        return names;
    }

    private void forgetDropped() {
        var slowest = pods.slowestHolder();
        open.values().removeIf(pool -> pool.letGo() != null && pool.letGo() <= slowest);
    }
}
