package io.tenantpool.model;

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
import org.jspecify.annotations.Nullable;

/**
 * Decides who is served where and with how many connections. Who is served keeps its names, its place and its
 * connections; a tenant leaves only when it is known to be gone or when its finding revokes it.
 */
public final class Planner {
    private static final Comparator<Resolution> BY_AGE =
            Comparator.comparing(Resolution::created).thenComparing(r -> r.id().uid());

    private final ClusterModel cluster;
    private final PoolerKeys keys;
    private final Observed observed;
    private final Claims claims;
    private final RoleLimits limits = new RoleLimits();
    private final Budget budget;
    private final Sizing sizing;
    private final Cells cells;
    private final Entrance entrance;
    private final Map<PoolerId, HeldPooler> held = new HashMap<>();
    private final Map<String, TreeMap<String, Placed>> heldByTenant = new HashMap<>();
    private final Map<String, String> heldCells = new HashMap<>();
    private final Map<String, Map<String, Placed>> placed = new HashMap<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, Role> freshRoles = new HashMap<>();

    public Planner(ClusterModel cluster, List<HeldPooler> held, PoolerKeys keys, Observed observed) {
        this.cluster = cluster;
        this.keys = keys;
        this.observed = observed;
        this.claims = new Claims(observed.stillServed());
        this.budget = new Budget(cluster, observed);
        this.sizing = new Sizing(cluster, budget, observed);
        this.cells = new Cells(cluster.maxTenantsPerCell());
        this.entrance = new Entrance(cluster.admission());
        for (var pooler : held) {
            if (cluster.listener(pooler.id().listener()).isEmpty()) {
                continue; // the listener was removed, and its pooler with it
            }
            this.held.put(pooler.id(), pooler);
            for (var tenant : pooler.tenants()) {
                heldCells.put(tenant.id().uid(), pooler.id().cell());
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
        var leaving = new HashSet<>(gone);
        for (var resolution : resolutions) {
            if (resolution instanceof Resolution.Refused refused
                    && refused.finding().revokes()) {
                leaving.add(refused.id().uid());
            } else if (resolution instanceof Resolution.Leaving tenant && mayGo(tenant)) {
                leaving.add(tenant.id().uid());
            } else if (resolution instanceof Resolution.Resolved resolved) {
                limits.want(resolved.model());
            }
        }
        heldByTenant.forEach((uid, doors) -> {
            if (leaving.contains(uid)) {
                leave(uid, doors);
            } else {
                keep(uid, doors);
            }
        });
        resolutions.stream().sorted(BY_AGE).forEach(this::decide);
        var contents = new PoolerContents(cluster, keys, observed, held, freshRoles).of(cells, placed);
        return new Plan(contents, verdicts, budget.lines(), observed.braked());
    }

    /** Until every pod has the new content, it may serve the names and hold the connections of who leaves with it. */
    private void leave(String uid, Map<String, Placed> doors) {
        var cell = heldCells.getOrDefault(uid, PoolerId.FIRST_CELL);
        doors.forEach((listener, tenant) -> {
            claims.leaving(tenant.poolName(), tenant.roles());
            budget.add(cluster.pooler(cell, listener), tenant);
        });
    }

    private void keep(String uid, Map<String, Placed> doors) {
        var cell = heldCells.getOrDefault(uid, PoolerId.FIRST_CELL);
        cells.put(uid, cell, bytes(doors.values()));
        place(uid, cell, doors);
    }

    /** Puts a tenant where it is served, instead of what was there before; a pool that goes counts until it is gone. */
    private void place(String uid, String cell, Map<String, Placed> doors) {
        var before = placed.getOrDefault(uid, Map.of());
        before.forEach((listener, tenant) -> {
            var after = doors.get(listener);
            if (after != null && after.standing().hasPool()) {
                budget.remove(cluster.pooler(cell, listener), tenant);
            }
        });
        doors.forEach((listener, tenant) -> {
            budget.add(cluster.pooler(cell, listener), tenant);
            limits.put(listener, tenant);
            claims.claim(tenant.id(), tenant.poolName(), tenant.roles());
            entrance.entered(tenant.id());
        });
        placed.put(uid, doors);
    }

    private void decide(Resolution resolution) {
        if (resolution instanceof Resolution.Refused refused) {
            keepServing(resolution, refused.finding());
        } else if (resolution instanceof Resolution.Leaving leaving) {
            drain(leaving);
        } else {
            decide(resolution, ((Resolution.Resolved) resolution).model());
        }
    }

    private void decide(Resolution resolution, TenantModel model) {
        var uid = model.id().uid();
        var before = placed.getOrDefault(uid, Map.of());
        var finding = claims.conflict(model)
                .or(() -> limits.conflict(model))
                .or(() -> entrance.refuses(model, before, Cells.isDedicated(String.valueOf(cells.of(uid)))));
        if (finding.isPresent()) {
            keepServing(resolution, finding.get());
            return;
        }
        var doorsBefore = model.suspended() ? before : withPool(before);
        var cell = cells.of(uid) == null ? cells.choose(uid, model.dedicated(), wantedBytes(model)) : cells.of(uid);
        var sized = model.suspended()
                ? new Sizing.Sized(suspended(model, String.valueOf(cell), before), Optional.empty())
                : sizing.size(model, String.valueOf(cell), doorsBefore);
        if (sized.doors().isEmpty()) {
            keepServing(resolution, sized.finding().orElseGet(Entrance::noDoor));
            return;
        }
        var growth = bytes(sized.doors().values()) - bytes(before.values());
        if (!cells.fits(uid, growth)) {
            keepServing(resolution, Entrance.tooLarge());
            return;
        }
        if (cells.of(uid) == null) {
            cells.put(uid, String.valueOf(cell), bytes(sized.doors().values()));
        } else {
            cells.grow(uid, growth);
        }
        model.roles().forEach(role -> freshRoles.put(role.name(), role));
        place(uid, String.valueOf(cell), sized.doors());
        verdict(resolution, sized.finding().orElse(null), sized.doors());
    }

    private static Map<String, Placed> withPool(Map<String, Placed> doors) {
        var open = new TreeMap<>(doors);
        open.values().removeIf(tenant -> !tenant.standing().hasPool());
        return open;
    }

    private int wantedBytes(TenantModel model) {
        return bytes(model.doors().stream()
                .map(door -> sizing.wanted(model, door, cluster.pooler(PoolerId.FIRST_CELL, door.listener()), null))
                .toList());
    }

    /** A suspended tenant keeps its names and its place; who is connected may finish if it says so. */
    private Map<String, Placed> suspended(TenantModel model, String cell, Map<String, Placed> before) {
        var doors = new TreeMap<String, Placed>();
        for (var door : model.doors()) {
            var pooler = cluster.pooler(cell, door.listener());
            var known = before.get(door.listener());
            var tenant =
                    known == null ? sizing.wanted(model, door, pooler, null).withStanding(Standing.SUSPENDED) : known;
            doors.put(door.listener(), tenant);
        }
        doors.replaceAll((listener, tenant) -> {
            var standing = tenant.standing();
            if (standing.isServing() && model.drainTimeoutSeconds() > 0) {
                return tenant.withStanding(Standing.draining(observed.now().plusSeconds(model.drainTimeoutSeconds())));
            }
            var over = standing.isServing()
                    || standing.until() <= observed.now().getEpochSecond()
                    || observed.isEmpty(
                            cluster.pooler(cell, listener), model.id().uid());
            return over ? tenant.withStanding(Standing.SUSPENDED) : tenant;
        });
        return doors;
    }

    /** Whether nobody is left whom the deletion of a Tenant waits for. */
    private boolean mayGo(Resolution.Leaving tenant) {
        var uid = tenant.id().uid();
        var cell = heldCells.getOrDefault(uid, PoolerId.FIRST_CELL);
        return !observed.now().isBefore(tenant.until())
                || heldByTenant.getOrDefault(uid, new TreeMap<>()).entrySet().stream()
                        .allMatch(door -> !door.getValue().standing().hasPool()
                                || !door.getValue().standing().isServing()
                                        && observed.isEmpty(cluster.pooler(cell, door.getKey()), uid));
    }

    private void drain(Resolution.Leaving leaving) {
        var uid = leaving.id().uid();
        var before = placed.get(uid);
        var cell = cells.of(uid);
        if (before == null || cell == null) {
            verdicts.put(uid, Verdict.gone(leaving.id(), leaving.generation()));
            return;
        }
        var doors = new TreeMap<>(before);
        doors.replaceAll((listener, tenant) ->
                tenant.standing().isServing() ? tenant.withStanding(Standing.draining(leaving.until())) : tenant);
        place(uid, cell, doors);
        verdict(leaving, null, doors);
    }

    private static int bytes(Collection<Placed> doors) {
        return doors.stream().mapToInt(Placed::bytes).max().orElse(0);
    }

    private void keepServing(Resolution resolution, Finding finding) {
        verdict(resolution, finding, placed.getOrDefault(resolution.id().uid(), Map.of()));
    }

    private void verdict(Resolution resolution, @Nullable Finding finding, Map<String, Placed> doors) {
        var uid = resolution.id().uid();
        var any = doors.values().stream().findFirst();
        var cell = cells.of(uid) == null ? PoolerId.FIRST_CELL : String.valueOf(cells.of(uid));
        var endpoints = new ArrayList<Verdict.Endpoint>();
        for (var listener : cluster.listeners()) {
            var tenant = doors.get(listener.name());
            if (tenant != null && tenant.standing().hasPool()) {
                endpoints.add(new Verdict.Endpoint(cluster.pooler(cell, listener.name()), listener.port()));
            }
        }
        var standing = doors.values().stream()
                .map(Placed::standing)
                .min(Comparator.comparing(Standing::kind))
                .orElse(Standing.SERVING);
        verdicts.put(
                uid,
                new Verdict(
                        resolution.id(),
                        resolution.generation(),
                        finding,
                        !endpoints.isEmpty(),
                        endpoints.isEmpty() ? null : ContentVersion.of(doors, new Hmac(keys.salt())),
                        endpoints,
                        any.map(Placed::roles).orElse(List.of()),
                        any.map(Placed::poolName).orElse(null),
                        standing));
    }
}
