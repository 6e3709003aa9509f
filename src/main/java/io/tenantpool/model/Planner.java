package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is served where. Who is served keeps its names and its place; a tenant leaves only when it is known to be
 * gone or when its finding revokes it.
 */
public final class Planner {
    /**
     * Database lines of one PgBouncer: RELOAD takes time with their square on its only thread, 5-15 ms at 2,000.
     * Source: measured, docs/adr/0005-capacity-of-one-pooler.md.
     */
    public static final int MAX_TENANTS_PER_POOLER = 2000;

    /** Bytes of a pooler's files; a Kubernetes Secret holds 1 MiB. */
    static final int MAX_BYTES_PER_POOLER = 1_000_000;

    private static final Comparator<Resolution> BY_AGE =
            Comparator.comparing(Resolution::created).thenComparing(r -> r.id().uid());

    private final ClusterModel cluster;
    private final PoolerKeys keys;
    private final Hmac hmac;
    private final Claims claims;
    private final Map<PoolerId, HeldPooler> held = new HashMap<>();
    private final Map<String, Map<String, Placed>> heldByTenant = new HashMap<>();
    private final Map<String, Map<String, Placed>> placed = new HashMap<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, Role> freshRoles = new HashMap<>();
    private int bytes;

    /** @param stillServed names that were let go but that some pod may still serve */
    public Planner(ClusterModel cluster, List<HeldPooler> held, PoolerKeys keys, Set<String> stillServed) {
        this.cluster = cluster;
        this.keys = keys;
        this.hmac = new Hmac(keys.salt());
        this.claims = new Claims(stillServed);
        for (var pooler : held) {
            if (cluster.listener(pooler.id().listener()).isEmpty()) {
                continue; // the listener was removed, and its pooler with it
            }
            this.held.put(pooler.id(), pooler);
            for (var tenant : pooler.tenants()) {
                heldByTenant
                        .computeIfAbsent(tenant.id().uid(), uid -> new TreeMap<>())
                        .put(pooler.id().listener(), tenant);
            }
        }
    }

    /**
     * @param resolutions every Tenant that names this PoolerCluster
     * @param gone UIDs of Tenants that are served and known to exist no more, or to have moved
     */
    public Plan plan(List<Resolution> resolutions, Set<String> gone) {
        var revoked = new HashSet<>(gone);
        for (var resolution : resolutions) {
            if (resolution instanceof Resolution.Refused refused
                    && refused.finding().revokes()) {
                revoked.add(refused.id().uid());
            }
        }
        heldByTenant.forEach((uid, doors) -> {
            if (revoked.contains(uid)) {
                doors.values().forEach(t -> claims.leaving(t.poolName(), t.roles()));
            } else {
                doors.values().forEach(t -> claims.claim(t.id(), t.poolName(), t.roles()));
                placed.put(uid, doors);
                bytes += size(doors.values());
            }
        });
        resolutions.stream().sorted(BY_AGE).forEach(this::decide);
        return new Plan(contents(), verdicts);
    }

    private void decide(Resolution resolution) {
        if (resolution instanceof Resolution.Refused refused) {
            refuse(resolution, refused.finding());
            return;
        }
        var model = ((Resolution.Resolved) resolution).model();
        var finding = claims.conflict(model).or(() -> full(model));
        if (finding.isPresent()) {
            refuse(resolution, finding.get());
            return;
        }
        claims.claim(model.id(), model.poolName(), model.roles());
        model.roles().forEach(role -> freshRoles.put(role.name(), role));
        var doors = new TreeMap<String, Placed>();
        model.doors().forEach(door -> doors.put(door.listener(), place(model, door)));
        placed.put(model.id().uid(), doors);
        accept(resolution, null, doors);
    }

    private Optional<Finding> full(TenantModel model) {
        var before = placed.get(model.id().uid());
        var doors = model.doors().stream().map(door -> place(model, door)).toList();
        var growth = size(doors) - (before == null ? 0 : size(before.values()));
        if (growth <= 0 || fits(before != null, growth)) {
            bytes += growth;
            return Optional.empty();
        }
        return Optional.of(Finding.keeping(
                Reason.TooLarge,
                "spec.poolerClusterRef: the PoolerCluster serves %d tenants, as many as one pooler can; name another one"
                        .formatted(placed.size())));
    }

    private boolean fits(boolean placedAlready, int growth) {
        return (placedAlready || placed.size() < MAX_TENANTS_PER_POOLER) && bytes + growth <= MAX_BYTES_PER_POOLER;
    }

    private static int size(Collection<Placed> doors) {
        return doors.stream().mapToInt(Placed::size).max().orElse(0);
    }

    private Placed place(TenantModel model, Door door) {
        var listener = cluster.listener(door.listener()).orElseThrow();
        return new Placed(
                model.id(),
                model.poolName(),
                model.database(),
                model.upstream(),
                model.roles(),
                listener.share(door.poolSize()),
                door.maxClientConnectionsPerPod());
    }

    private void refuse(Resolution resolution, Finding finding) {
        accept(resolution, finding, placed.getOrDefault(resolution.id().uid(), Map.of()));
    }

    private void accept(Resolution resolution, @Nullable Finding finding, Map<String, Placed> doors) {
        var any = doors.values().stream().findFirst();
        var endpoints = doors.keySet().stream()
                .flatMap(name -> cluster.listener(name).stream())
                .map(this::endpoint)
                .toList();
        verdicts.put(
                resolution.id().uid(),
                new Verdict(
                        resolution.id(),
                        resolution.generation(),
                        finding,
                        !endpoints.isEmpty(),
                        any.isEmpty() ? null : contentVersion(doors),
                        endpoints,
                        any.map(Placed::roles).orElse(List.of()),
                        any.map(Placed::poolName).orElse(null)));
    }

    private Verdict.Endpoint endpoint(ListenerModel listener) {
        var id = cluster.pooler(PoolerId.FIRST_CELL, listener.name());
        return new Verdict.Endpoint(id, listener.port());
    }

    /** Changes with everything that a login depends on; the sizes of the pools do not. */
    private String contentVersion(Map<String, Placed> doors) {
        var parts = new ArrayList<String>();
        doors.forEach((listener, tenant) -> {
            parts.addAll(List.of(
                    listener,
                    tenant.poolName(),
                    tenant.database(),
                    tenant.upstream().host(),
                    Integer.toString(tenant.upstream().port())));
            for (var role : tenant.roles()) {
                parts.add(role.name());
                parts.add(role.password().value());
            }
        });
        return hmac.of(parts.toArray(String[]::new)).substring(0, 16);
    }

    private List<PoolerContent> contents() {
        var contents = new ArrayList<PoolerContent>();
        for (var cell : cluster.cells()) {
            for (var listener : cluster.listeners()) {
                contents.add(content(cluster.pooler(cell, listener.name()), listener));
            }
        }
        return contents;
    }

    private PoolerContent content(PoolerId id, ListenerModel listener) {
        var tenants = placed.values().stream()
                .flatMap(doors -> Optional.ofNullable(doors.get(listener.name())).stream())
                .map(this::withFreshPasswords)
                .sorted(Comparator.comparing(Placed::poolName))
                .toList();
        var tombstones = new TreeMap<String, Secret>();
        var before = held.get(id);
        for (var role : before == null ? new TreeSet<String>() : before.roles()) {
            tombstones.put(role, new Secret(hmac.of("tombstone", role)));
        }
        tenants.forEach(tenant -> tenant.roles().forEach(role -> tombstones.remove(role.name())));
        return new PoolerContent(id, listener, tenants, tombstones, keys);
    }

    /** A tenant that keeps its last good content may share a role whose password another one brought up to date. */
    private Placed withFreshPasswords(Placed tenant) {
        var roles = tenant.roles().stream()
                .map(role -> freshRoles.getOrDefault(role.name(), role))
                .toList();
        return tenant.withRoles(roles);
    }
}
