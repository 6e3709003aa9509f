package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many server connections a tenant gets on each of its doors. What was granted stays; what is new has to fit; room
 * that was given back counts until every pod has let go of it.
 */
final class Sizing {
    private final ClusterModel cluster;
    private final Budget budget;
    private final Observed observed;

    Sizing(ClusterModel cluster, Budget budget, Observed observed) {
        this.cluster = cluster;
        this.budget = budget;
        this.observed = observed;
    }

    /**
     * @param doors what the tenant gets; as before where it gets no more
     * @param finding why it does not get all that it asked for
     */
    record Sized(Map<String, Placed> doors, Optional<Finding> finding) {}

    /** @param before what it has, by listener; empty for a tenant that is in no pool */
    Sized size(TenantModel model, String cell, Map<String, Placed> before) {
        var doors = new TreeMap<String, Placed>();
        var more = new HashMap<ServerKey, Integer>();
        Finding finding = null;
        for (var door : model.doors()) {
            var pooler = cluster.pooler(cell, door.listener());
            var held = before.get(door.listener());
            var wanted = wanted(model, door, held);
            var server = new ServerKey(wanted.upstream().name(), listener(door).target());
            var had = held == null ? 0 : held.grant().counted();
            var growth = (wanted.grant().counted() - had) * budget.pods(pooler);
            if (growth <= 0 || budget.fits(server, more.getOrDefault(server, 0) + growth)) {
                more.merge(server, growth, Integer::sum);
                doors.put(door.listener(), wanted);
                continue;
            }
            if (held != null) {
                doors.put(door.listener(), wanted.withGrant(held.grant()));
            }
            finding = finding == null ? tooMuch(model, door, pooler, server, held) : finding;
        }
        if (finding != null) {
            finding = finding.asPartial();
            before.forEach(doors::putIfAbsent); // a change that does not fit leaves what was there
        }
        if (finding != null && before.isEmpty()) {
            return new Sized(Map.of(), Optional.of(finding)); // all of its doors or none: half a tenant helps nobody
        }
        return new Sized(doors, Optional.ofNullable(finding));
    }

    /**
     * What a tenant has on a pooler, divided among the pods that there are now: nobody loses a part of a pool, or gets
     * more, because the replicas changed. A lowered share frees its room when every pod is known to hold no more.
     */
    Placed kept(PoolerId pooler, Placed tenant) {
        var listener = cluster.listener(pooler.listener()).orElseThrow();
        var grant = tenant.grant();
        var share = listener.share(grant.poolSize());
        var settled = grant.perPod() == share
                && observed.isSettled(pooler, tenant.id().uid());
        var counted = settled ? share : Math.max(share, grant.counted());
        return tenant.withGrant(new PoolGrant(grant.poolSize(), share, counted, Math.min(grant.minIdle(), share)));
    }

    /** The tenant on a door with all that it asks for. */
    Placed wanted(TenantModel model, Door door, @Nullable Placed held) {
        var listener = listener(door);
        var share = listener.share(door.poolSize());
        var counted = held == null ? share : Math.max(share, held.grant().counted());
        var minIdle = door.minIdle() == 0 ? 0 : Math.min(share, listener.share(door.minIdle()));
        return new Placed(
                model.id(),
                model.poolName(),
                model.database(),
                cluster.server(listener, model.upstream().name()).orElse(model.upstream()),
                model.roles(),
                new PoolGrant(door.poolSize(), share, counted, minIdle),
                door.limits(),
                Standing.SERVING);
    }

    private ListenerModel listener(Door door) {
        return cluster.listener(door.listener()).orElseThrow();
    }

    private Finding tooMuch(TenantModel model, Door door, PoolerId pooler, ServerKey server, @Nullable Placed held) {
        var contract = budget.contract(server);
        var field = "spec.listeners[" + door.listener() + "].poolSize: ";
        var keeps = held == null
                ? ""
                : "; the pool of %d keeps serving".formatted(held.grant().poolSize());
        if (contract.limit() == null) {
            return Finding.keeping(
                    Reason.CapacityUnknown,
                    "%supstream %s has not told its max_connections yet%s; it is tried again by itself"
                            .formatted(field, server.upstream(), keeps));
        }
        var listener = listener(door);
        var pods = budget.pods(pooler);
        var share = listener.share(door.poolSize());
        int limit = contract.limit();
        var own = held == null ? 0 : held.grant().counted() * pods;
        var left = Math.max(0, limit - budget.committed(server) + own);
        var sum =
                "%d connections are %d on each of at most %d pods = %d, and upstream %s (%s) has %d left: %d of %d are promised"
                        .formatted(
                                door.poolSize(),
                                share,
                                pods,
                                share * pods,
                                server.upstream(),
                                server.target(),
                                left,
                                budget.committed(server),
                                limit);
        var contractWords = " (max %s less %d reserved, %d %%)"
                .formatted(contract.max(), contract.reserved(), contract.overcommitPercent());
        var remedy = "%s, or have spec.upstreams[%s].connections.max raised; it is let in by itself when there is room"
                .formatted(remedy(listener, left / pods, model.roles().size()), server.upstream());
        return Finding.keeping(Reason.CapacityExceeded, field + sum + contractWords + keeps + ". " + remedy);
    }

    /** The largest pool whose share fits. */
    private static String remedy(ListenerModel listener, int share, int users) {
        if (share < users) {
            return "No size fits now";
        }
        var size = share;
        while (listener.share(size + 1) <= share) {
            size++;
        }
        return "Ask for at most " + size;
    }
}
