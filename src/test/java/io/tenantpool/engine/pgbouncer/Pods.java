package io.tenantpool.engine.pgbouncer;

import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerObservation;
import io.tenantpool.testing.PlannedWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Pods that read their files late: until all did, each of them may serve any content since they last did. */
final class Pods {
    private final Map<PoolerId, List<HeldPooler>> maybe = new HashMap<>();
    /** Pools that some content had and the newest has not, as delivery counts them: what a pod may hold of each. */
    private final Map<PoolerId, Map<String, Integer>> letGo = new HashMap<>();

    private Set<String> settled = Set.of();

    /** The most connections that all pods of all poolers together may hold. */
    int mostOpen(PlannedWorld world) {
        var sum = 0;
        for (var pooler : maybe.entrySet()) {
            var most = new HashMap<String, Integer>();
            for (var content : pooler.getValue()) {
                for (var tenant : content.tenants()) {
                    if (tenant.standing().hasPool()) {
                        most.merge(tenant.id().uid(), tenant.grant().perPod(), Math::max);
                    }
                }
            }
            var pods = world.cluster()
                    .listener(pooler.getKey().listener())
                    .orElseThrow()
                    .podsAtMost();
            sum += most.values().stream().mapToInt(share -> share * pods).sum();
        }
        return sum;
    }

    /** Every pod has the newest content, and holds no more than that allows. */
    void catchUp(PlannedWorld world) {
        maybe.replaceAll((id, contents) -> new ArrayList<>(contents.subList(contents.size() - 1, contents.size())));
        letGo.clear();
        settled = new HashSet<>();
        world.held().forEach(pooler -> pooler.tenants()
                .forEach(tenant -> settled.add(tenant.id().uid())));
        world.held().forEach(pooler -> world.pods(pooler.id(), observation(Set.of(), 0, settled)));
    }

    /** Every pod has dropped the pools that a tenant let go. */
    void dropOf(String tenantUid, PlannedWorld world) {
        var waits = maybe.values().stream()
                .anyMatch(contents -> !pools(contents.get(contents.size() - 1)).contains(tenantUid)
                        && contents.stream().anyMatch(content -> pools(content).contains(tenantUid)));
        if (waits) {
            catchUp(world);
        }
    }

    /** What they say of themselves, when that is not that all is well. */
    void look(PlannedWorld world) {
        maybe.forEach((id, contents) -> {
            var newest = contents.get(contents.size() - 1);
            var wanted = pools(newest);
            var names = new HashSet<String>();
            for (var content : contents) {
                for (var tenant : content.tenants()) {
                    if (tenant.standing().hasPool()
                            && !wanted.contains(tenant.id().uid())) {
                        names.add(tenant.poolName());
                        tenant.roles().forEach(role -> names.add(role.name()));
                    }
                }
            }
            newest.tenants().stream().filter(t -> t.standing().hasPool()).forEach(tenant -> {
                names.remove(tenant.poolName());
                tenant.roles().forEach(role -> names.remove(role.name()));
            });
            if (contents.size() > 1) {
                var sum = letGo.getOrDefault(id, Map.of()).values().stream()
                        .mapToInt(share -> share)
                        .sum();
                world.pods(id, observation(names, sum, Set.of()));
            }
        });
    }

    /** The newest content is on its way. */
    void deliver(PlannedWorld world) {
        var held = new HashSet<PoolerId>();
        for (var pooler : world.held()) {
            held.add(pooler.id());
            var contents = maybe.computeIfAbsent(pooler.id(), id -> new ArrayList<>());
            if (contents.isEmpty() || !contents.get(contents.size() - 1).equals(pooler)) {
                if (!contents.isEmpty()) {
                    letGo(contents.get(contents.size() - 1), pooler);
                }
                contents.add(pooler);
            }
        }
        maybe.keySet().retainAll(held);
        letGo.keySet().retainAll(held);
        settled = Set.of();
    }

    private void letGo(HeldPooler before, HeldPooler after) {
        var wanted = pools(after);
        var gone = letGo.computeIfAbsent(before.id(), id -> new HashMap<>());
        before.tenants().stream()
                .filter(tenant -> tenant.standing().hasPool())
                .filter(tenant -> !wanted.contains(tenant.id().uid()))
                .forEach(tenant -> gone.put(
                        tenant.id().uid(),
                        settled.contains(tenant.id().uid())
                                ? tenant.grant().perPod()
                                : tenant.grant().counted()));
    }

    private static Set<String> pools(HeldPooler content) {
        var pools = new HashSet<String>();
        content.tenants().stream()
                .filter(tenant -> tenant.standing().hasPool())
                .forEach(tenant -> pools.add(tenant.id().uid()));
        return pools;
    }

    private static PoolerObservation observation(Set<String> names, int open, Set<String> settled) {
        return new PoolerObservation(2, names, Map.of("default", open), settled, Set.of(), new TreeMap<>());
    }
}
