package io.tenantpool.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was decided of each Tenant, in the words of the plan. */
final class Decisions {
    private final ClusterModel cluster;
    private final Hmac hmac;
    private final Map<String, Role> freshRoles;
    private final Map<String, Verdict> gone = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();

    /** @param freshRoles the newest password of each role, complete when {@link #verdicts} is called */
    Decisions(ClusterModel cluster, Hmac hmac, Map<String, Role> freshRoles) {
        this.cluster = cluster;
        this.hmac = hmac;
        this.freshRoles = freshRoles;
    }

    private record Decision(Resolution resolution, @Nullable Finding finding, Map<String, Placed> doors, String cell) {}

    /** By the Tenant's UID. A password that a later Tenant brought up to date is in all of them that share the role. */
    Map<String, Verdict> verdicts() {
        var verdicts = new HashMap<>(gone);
        for (var decision : decisions) {
            var doors = new TreeMap<>(decision.doors());
            doors.replaceAll((listener, tenant) -> tenant.refreshed(freshRoles));
            verdicts.put(decision.resolution().id().uid(), verdict(decision, doors));
        }
        return verdicts;
    }

    void gone(Resolution.Leaving tenant) {
        gone.put(tenant.id().uid(), Verdict.gone(tenant.id(), tenant.generation()));
    }

    /** @param doors what the tenant has, by listener */
    void add(Resolution resolution, @Nullable Finding finding, Map<String, Placed> doors, String cell) {
        decisions.add(new Decision(resolution, finding, doors, cell));
    }

    private Verdict verdict(Decision decision, Map<String, Placed> doors) {
        var any = doors.values().stream().findFirst();
        var endpoints = new ArrayList<Verdict.Endpoint>();
        for (var listener : cluster.listeners()) {
            var tenant = doors.get(listener.name());
            if (tenant != null && tenant.standing().hasPool()) {
                endpoints.add(new Verdict.Endpoint(cluster.pooler(decision.cell(), listener.name()), listener.port()));
            }
        }
        var standing = doors.values().stream()
                .map(Placed::standing)
                .min(Comparator.comparing(Standing::kind))
                .orElse(Standing.SERVING);
        var resolution = decision.resolution();
        return new Verdict(
                resolution.id(),
                resolution.generation(),
                decision.finding(),
                !endpoints.isEmpty(),
                endpoints.isEmpty() ? null : ContentVersion.of(doors, hmac),
                endpoints,
                any.map(Placed::roles).orElse(List.of()),
                any.map(Placed::poolName).orElse(null),
                standing,
                cluster.clientTrust());
    }
}
