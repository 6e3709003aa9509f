package io.tenantpool.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was decided of each Tenant, in the words of the plan. */
final class Decisions {
    private final ClusterModel cluster;
    private final Hmac hmac;
    private final Map<String, Verdict> verdicts = new HashMap<>();

    Decisions(ClusterModel cluster, Hmac hmac) {
        this.cluster = cluster;
        this.hmac = hmac;
    }

    /** By the Tenant's UID. */
    Map<String, Verdict> verdicts() {
        return verdicts;
    }

    void gone(Resolution.Leaving tenant) {
        verdicts.put(tenant.id().uid(), Verdict.gone(tenant.id(), tenant.generation()));
    }

    /** @param doors what the tenant has, by listener */
    void add(Resolution resolution, @Nullable Finding finding, Map<String, Placed> doors, String cell) {
        var any = doors.values().stream().findFirst();
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
                resolution.id().uid(),
                new Verdict(
                        resolution.id(),
                        resolution.generation(),
                        finding,
                        !endpoints.isEmpty(),
                        endpoints.isEmpty() ? null : ContentVersion.of(doors, hmac),
                        endpoints,
                        any.map(Placed::roles).orElse(List.of()),
                        any.map(Placed::poolName).orElse(null),
                        standing,
                        cluster.trust()));
    }
}
