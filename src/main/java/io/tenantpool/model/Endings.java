package io.tenantpool.model;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tenants that stop being served, with time for their clients to finish if they ask for it. */
final class Endings {
    private final ClusterModel cluster;
    private final Observed observed;

    Endings(ClusterModel cluster, Observed observed) {
        this.cluster = cluster;
        this.observed = observed;
    }

    /** A suspended tenant keeps its names and its place; who is connected may finish if it says so. */
    SortedMap<String, Placed> suspended(TenantModel model, String cell, Map<String, Placed> before) {
        var doors = new TreeMap<>(before);
        doors.replaceAll((listener, tenant) -> {
            var standing = tenant.standing();
            if (standing.isServing() && model.drainTimeoutSeconds() > 0) {
                return tenant.withStanding(Standing.draining(observed.now().plusSeconds(model.drainTimeoutSeconds())));
            }
            var over = standing.isServing()
                    || model.drainTimeoutSeconds() == 0
                    || standing.until() <= observed.now().getEpochSecond()
                    || observed.isEmpty(
                            cluster.pooler(cell, listener), model.id().uid());
            return over ? tenant.withStanding(Standing.SUSPENDED) : tenant;
        });
        return doors;
    }

    /** A drain that is over is over, also for a tenant of which nothing else is known. */
    SortedMap<String, Placed> inTime(Map<String, Placed> before) {
        var doors = new TreeMap<>(before);
        doors.replaceAll((listener, tenant) -> tenant.standing().kind() == Standing.Kind.Draining
                        && tenant.standing().until() <= observed.now().getEpochSecond()
                ? tenant.withStanding(Standing.SUSPENDED)
                : tenant);
        return doors;
    }

    /** A tenant that is being deleted, with new logins refused. */
    static SortedMap<String, Placed> leaving(Resolution.Leaving leaving, Map<String, Placed> before) {
        var doors = new TreeMap<>(before);
        doors.replaceAll((listener, tenant) ->
                tenant.standing().hasPool() ? tenant.withStanding(Standing.draining(leaving.until())) : tenant);
        return doors;
    }

    /** Whether nobody is left whom the deletion of a Tenant waits for. */
    boolean mayGo(Resolution.Leaving tenant, String cell, Map<String, Placed> doors) {
        return !observed.now().isBefore(tenant.until())
                || doors.entrySet().stream()
                        .allMatch(door -> !door.getValue().standing().hasPool()
                                || !door.getValue().standing().isServing()
                                        && observed.isEmpty(
                                                cluster.pooler(cell, door.getKey()),
                                                tenant.id().uid()));
    }
}
