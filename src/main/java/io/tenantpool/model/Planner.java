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
    private final Endings endings;
    private final Map<PoolerId, HeldPooler> held = new HashMap<>();
    private final Map<String, TreeMap<String, Placed>> heldByTenant = new HashMap<>();
    private final Map<String, String> heldCells = new HashMap<>();
    private final Map<String, Map<String, Placed>> placed = new HashMap<>();
    private final Decisions decisions;
    private final Map<String, Role> freshRoles = new HashMap<>();

    public Planner(ClusterModel cluster, List<HeldPooler> held, PoolerKeys keys, Observed observed) {
        this.cluster = cluster;
        this.keys = keys;
        this.observed = observed;
        this.claims = new Claims(observed.stillServed());
        this.budget = new Budget(cluster, observed);
        this.sizing = new Sizing(cluster, budget, observed);
        this.cells = new Cells(cluster.maxTenantsPerCell());
        this.entrance = new Entrance(cluster.admission(), cluster.untrusted());
        this.endings = new Endings(cluster, observed);
        this.decisions = new Decisions(cluster, new Hmac(keys.salt()), freshRoles);
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
            }
        }
        heldByTenant.forEach((uid, doors) -> {
            if (leaving.contains(uid)) {
                leave(uid, doors);
            } else {
                keep(uid, doors);
            }
        });
        wish(resolutions);
        resolutions.stream().sorted(BY_AGE).forEach(this::decide);
        List.copyOf(placed.keySet()).forEach(this::endDrain);
        var contents = new PoolerContents(cluster, keys, observed, held, freshRoles).of(cells, placed);
        return new Plan(contents, decisions.verdicts(), budget.lines(), observed.braked());
    }

    /** Who keeps what it has, for whatever reason, does not take part in a change of limits that others agree on. */
    private void wish(List<Resolution> resolutions) {
        var changing = new ArrayList<TenantModel>();
        for (var resolution : resolutions) {
            var before = placed.getOrDefault(resolution.id().uid(), Map.of());
            if (resolution instanceof Resolution.Resolved resolved
                    && !before.isEmpty()
                    && !resolved.model().suspended()
                    && refusal(resolved.model(), before).isEmpty()) {
                limits.want(resolved.model());
                changing.add(resolved.model());
            }
        }
        while (changing.removeIf(this::staysWithItsLimits)) {
            // who stays may keep others from changing
        }
    }

    private boolean staysWithItsLimits(TenantModel model) {
        var stays = limits.conflict(model).isPresent();
        if (stays) {
            limits.stay(model.id());
        }
        return stays;
    }

    private Optional<Finding> refusal(TenantModel model, Map<String, Placed> before) {
        var dedicated = Cells.isDedicated(String.valueOf(cells.of(model.id().uid())));
        return claims.conflict(model).or(() -> entrance.refuses(model, before, dedicated));
    }

    /** Until every pod has the new content, it may serve the names and hold the connections of who leaves with it. */
    private void leave(String uid, Map<String, Placed> doors) {
        var cell = heldCells.getOrDefault(uid, PoolerId.FIRST_CELL);
        doors.forEach((listener, tenant) -> {
            claims.leaving(tenant.poolName(), tenant.roles());
            budget.add(cluster.pooler(cell, listener), tenant);
        });
    }

    private void keep(String uid, Map<String, Placed> held) {
        var cell = heldCells.getOrDefault(uid, PoolerId.FIRST_CELL);
        var doors = new TreeMap<>(held);
        doors.replaceAll((listener, tenant) -> sizing.kept(cluster.pooler(cell, listener), tenant));
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
            decide((Resolution.Resolved) resolution);
        }
    }

    private void decide(Resolution.Resolved resolution) {
        var model = resolution.model();
        var uid = model.id().uid();
        var before = placed.getOrDefault(uid, Map.of());
        if (model.suspended() && !before.isEmpty()) {
            suspend(resolution, model, before);
            return;
        }
        var finding = refusal(model, before)
                .or(() -> limits.conflict(model))
                .or(() -> tooLarge(model))
                .or(() -> tooSoon(model, before));
        if (finding.isPresent()) {
            keepServing(resolution, finding.get());
            return;
        }
        var cell = cells.of(uid) == null ? cells.choose(uid, model.dedicated(), wantedBytes(model)) : cells.of(uid);
        var sized = model.suspended()
                ? new Sizing.Sized(namesOnly(model), Optional.empty())
                : sizing.size(model, String.valueOf(cell), withPool(before));
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
        verdict(resolution, sized.finding().orElse(resolution.partial()), sized.doors());
    }

    private static Map<String, Placed> withPool(Map<String, Placed> doors) {
        var open = new TreeMap<>(doors);
        open.values().removeIf(tenant -> !tenant.standing().hasPool());
        return open;
    }

    /** A pool that comes back smaller before it was gone would keep connections that nobody counts. */
    private Optional<Finding> tooSoon(TenantModel model, Map<String, Placed> before) {
        var open = withPool(before);
        var returns = !before.isEmpty()
                && model.doors().stream().anyMatch(door -> !open.containsKey(door.listener()))
                && observed.stillServed().contains(model.poolName());
        return returns ? Optional.of(Claims.stillServed()) : Optional.empty();
    }

    /** Whoever has a cell already is measured by its growth there. */
    private Optional<Finding> tooLarge(TenantModel model) {
        return cells.of(model.id().uid()) == null && wantedBytes(model) > Cells.MAX_BYTES_PER_POOLER
                ? Optional.of(Entrance.tooLarge())
                : Optional.empty();
    }

    private int wantedBytes(TenantModel model) {
        return bytes(model.doors().stream()
                .map(door -> sizing.wanted(model, door, null))
                .toList());
    }

    /** A tenant that begins suspended has its names and its place, and no pool. */
    private Map<String, Placed> namesOnly(TenantModel model) {
        var doors = new TreeMap<String, Placed>();
        model.doors()
                .forEach(door -> doors.put(
                        door.listener(), sizing.wanted(model, door, null).withStanding(Standing.SUSPENDED)));
        return doors;
    }

    /** Nothing keeps a tenant from being suspended: what else it asks for is looked at when it returns. */
    private void suspend(Resolution resolution, TenantModel model, Map<String, Placed> before) {
        var cell = String.valueOf(cells.of(model.id().uid()));
        var doors = endings.suspended(model, cell, before);
        if (claims.conflict(model).isEmpty()) {
            model.roles().forEach(role -> freshRoles.put(role.name(), role));
        }
        place(model.id().uid(), cell, doors);
        verdict(resolution, null, doors);
    }

    private boolean mayGo(Resolution.Leaving tenant) {
        var uid = tenant.id().uid();
        return endings.mayGo(
                tenant,
                heldCells.getOrDefault(uid, PoolerId.FIRST_CELL),
                heldByTenant.getOrDefault(uid, new TreeMap<>()));
    }

    private void drain(Resolution.Leaving leaving) {
        var uid = leaving.id().uid();
        var before = placed.get(uid);
        var cell = cells.of(uid);
        if (before == null || cell == null) {
            decisions.gone(leaving);
            return;
        }
        var doors = Endings.leaving(leaving, before);
        place(uid, cell, doors);
        verdict(leaving, null, doors);
    }

    private static int bytes(Collection<Placed> doors) {
        return doors.stream().mapToInt(Placed::bytes).max().orElse(0);
    }

    private void endDrain(String uid) {
        var before = placed.getOrDefault(uid, Map.of());
        var after = endings.inTime(before);
        if (!after.equals(before)) {
            place(uid, String.valueOf(cells.of(uid)), after);
        }
    }

    private void keepServing(Resolution resolution, Finding finding) {
        endDrain(resolution.id().uid());
        verdict(resolution, finding, placed.getOrDefault(resolution.id().uid(), Map.of()));
    }

    private void verdict(Resolution resolution, @Nullable Finding finding, Map<String, Placed> doors) {
        var cell = cells.of(resolution.id().uid());
        decisions.add(resolution, finding, doors, cell == null ? PoolerId.FIRST_CELL : cell);
    }
}
