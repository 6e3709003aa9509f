package io.tenantpool.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Divides the placed tenants among the poolers. */
final class PoolerContents {
    private final ClusterModel cluster;
    private final PoolerKeys keys;
    private final Hmac hmac;
    private final Observed observed;
    private final Map<PoolerId, HeldPooler> held;
    private final Map<String, Role> freshRoles;

    /** @param freshRoles the newest password of each role */
    PoolerContents(
            ClusterModel cluster,
            PoolerKeys keys,
            Observed observed,
            Map<PoolerId, HeldPooler> held,
            Map<String, Role> freshRoles) {
        this.cluster = cluster;
        this.keys = keys;
        this.hmac = new Hmac(keys.salt());
        this.observed = observed;
        this.held = held;
        this.freshRoles = freshRoles;
    }

    List<PoolerContent> of(Cells cells, Map<String, Map<String, Placed>> placed) {
        var tenants = new HashMap<PoolerId, List<Placed>>();
        placed.forEach((uid, doors) -> doors.forEach((listener, tenant) -> tenants.computeIfAbsent(
                        cluster.pooler(String.valueOf(cells.of(uid)), listener), id -> new ArrayList<>())
                .add(tenant.refreshed(freshRoles))));
        var wanted = new TreeSet<>(cells.used());
        held.values().stream()
                .filter(this::isEmptying)
                .forEach(pooler -> wanted.add(pooler.id().cell()));
        var contents = new ArrayList<PoolerContent>();
        for (var cell : wanted) {
            for (var listener : cluster.listeners()) {
                var id = cluster.pooler(cell, listener.name());
                contents.add(content(id, listener, tenants.getOrDefault(id, List.of())));
            }
        }
        return contents;
    }

    /** A cell goes after its last tenant is gone from every pod, or its clients would learn of it in mid-sentence. */
    private boolean isEmptying(HeldPooler pooler) {
        return !pooler.tenants().isEmpty()
                || observed.pooler(pooler.id())
                        .filter(known -> !known.stillServed().isEmpty()
                                || !known.stillOpen().isEmpty())
                        .isPresent();
    }

    private PoolerContent content(PoolerId id, ListenerModel listener, List<Placed> unsorted) {
        var tenants =
                unsorted.stream().sorted(Comparator.comparing(Placed::poolName)).toList();
        var before = held.get(id);
        var limited = new TreeSet<String>();
        var roles = new HashSet<String>();
        var forgetting = Forgetting.NEVER;
        if (before != null) {
            roles.addAll(before.roles());
            limited.addAll(before.limitedRoles());
            forgetting = before.forgetting();
            if (observed.forgetful().contains(id)) {
                // Together: a limit alone would make a new process know the role, without a password.
                roles.removeAll(before.removedRoles());
                limited.removeAll(before.removedRoles());
                forgetting = forgetting.done(observed.now());
            }
        }
        var inUse = new HashSet<String>();
        var named = new HashSet<String>();
        for (var tenant : tenants) {
            for (var role : tenant.roles()) {
                named.add(role.name());
                if (!tenant.standing().hasPool()) {
                    roles.add(role.name());
                    continue;
                }
                inUse.add(role.name());
                if (tenant.limits().idleTransactionTimeoutSeconds() != null) {
                    limited.add(role.name());
                }
            }
        }
        roles.removeAll(inUse);
        var tombstones = new TreeMap<String, Secret>();
        roles.forEach(role -> tombstones.put(role, tombstone(role)));
        return new PoolerContent(
                id,
                listener,
                tenants,
                tombstones,
                limited,
                peers(id, before),
                isBraked(listener, tenants),
                forgetting.with(!named.containsAll(roles), observed.now()),
                cluster.serverTls(),
                keys);
    }

    private Secret tombstone(String role) {
        return new Secret(hmac.of("tombstone", role));
    }

    /** Before the pods are known, that there are none means nothing. */
    private SortedMap<Integer, String> peers(PoolerId id, @Nullable HeldPooler before) {
        return observed.pooler(id)
                .flatMap(known -> Optional.ofNullable(known.peers()))
                .orElseGet(() -> before == null ? new TreeMap<>() : before.peers());
    }

    private boolean isBraked(ListenerModel listener, List<Placed> tenants) {
        return !observed.braked().isEmpty()
                && tenants.stream()
                        .map(tenant -> new ServerKey(tenant.upstream().name(), listener.target()))
                        .anyMatch(observed.braked()::contains);
    }
}
