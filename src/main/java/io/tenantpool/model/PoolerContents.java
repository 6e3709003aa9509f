package io.tenantpool.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
        var before = Optional.ofNullable(held.get(id));
        var forgetful = observed.forgetful().contains(id);
        var roles = before.map(known -> remembered(known, known.roles())).orElseGet(TreeSet::new);
        var limited =
                before.map(known -> remembered(known, known.limitedRoles())).orElseGet(TreeSet::new);
        var forgetting = before.map(HeldPooler::forgetting).orElse(Forgetting.NEVER);
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
        return new PoolerContent(
                id,
                listener,
                tenants,
                tombstones(roles),
                limited,
                peers(id, before),
                isBraked(listener, tenants),
                (forgetful ? forgetting.done(observed.now()) : forgetting)
                        .with(!named.containsAll(roles), observed.now()),
                cluster.serverTls(),
                keys);
    }

    /** Both lines of a role are forgotten together: a limit alone would make a new process know it, without a password. */
    private TreeSet<String> remembered(HeldPooler pooler, SortedSet<String> roles) {
        var remembered = new TreeSet<>(roles);
        if (observed.forgetful().contains(pooler.id())) {
            remembered.removeAll(pooler.removedRoles());
        }
        return remembered;
    }

    private SortedMap<String, Secret> tombstones(Set<String> roles) {
        var tombstones = new TreeMap<String, Secret>();
        roles.forEach(role -> tombstones.put(role, new Secret(hmac.of("tombstone", role))));
        return tombstones;
    }

    /** Before the pods are known, that there are none means nothing. */
    private SortedMap<Integer, String> peers(PoolerId id, Optional<HeldPooler> before) {
        return observed.pooler(id)
                .flatMap(known -> Optional.ofNullable(known.peers()))
                .or(() -> before.map(HeldPooler::peers))
                .orElseGet(TreeMap::new);
    }

    private boolean isBraked(ListenerModel listener, List<Placed> tenants) {
        return !observed.braked().isEmpty()
                && tenants.stream()
                        .map(tenant -> new ServerKey(tenant.upstream().name(), listener.target()))
                        .anyMatch(observed.braked()::contains);
    }
}
