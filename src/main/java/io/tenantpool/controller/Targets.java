package io.tenantpool.controller;

import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.delivery.Wanted;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.Placed;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What delivery has to prove of a pooler's tenants. */
final class Targets {
    private Targets() {}

    /**
     * What delivery has to prove.
     *
     * @param held what the poolers served before: a proof of earlier days covers only what was not touched since
     */
    static List<Wanted.Target> of(PoolerContent content, Plan plan, List<HeldPooler> held, List<Tenant> tenants) {
        var untouched = held.stream()
                .filter(pooler -> pooler.id().equals(content.id()))
                .flatMap(pooler -> pooler.tenants().stream())
                .filter(tenant -> tenant.standing().isServing())
                .map(Targets::loginOf)
                .collect(Collectors.toSet());
        Map<String, TenantStatus.Proven> proven = new HashMap<>();
        for (var tenant : tenants) {
            if (tenant.getStatus() != null && tenant.getStatus().proven() != null) {
                proven.put(tenant.getMetadata().getUid(), tenant.getStatus().proven());
            }
        }
        var targets = new ArrayList<Wanted.Target>();
        for (var placed : content.tenants()) {
            if (!placed.standing().isServing()) {
                continue; // its logins are refused
            }
            var verdict = plan.verdicts().get(placed.id().uid());
            if (verdict != null) { // one that the cache lacks is served on, but there is nobody to tell
                targets.add(
                        target(placed, verdict, proven.get(placed.id().uid()), untouched.contains(loginOf(placed))));
            }
        }
        return targets;
    }

    /** Every pool that pods have. */
    static List<Wanted.Pool> pools(PoolerContent content) {
        return content.tenants().stream()
                .filter(tenant -> tenant.standing().hasPool())
                .map(tenant -> new Wanted.Pool(
                        tenant.id().uid(),
                        tenant.poolName(),
                        tenant.upstream().name(),
                        tenant.grant().perPod(),
                        Math.min(tenant.grant().minIdle(), tenant.connectionsPerRole()),
                        tenant.grant().counted(),
                        !tenant.standing().isServing(),
                        tenant.roles()))
                .toList();
    }

    private static Wanted.Target target(
            Placed placed, Verdict verdict, TenantStatus.@Nullable Proven proven, boolean untouched) {
        return new Wanted.Target(
                placed.id(),
                placed.poolName(),
                placed.upstream().host() + ":" + placed.upstream().port(),
                placed.roles(),
                placed.grant().perPod(),
                content(verdict, proven),
                untouched && isProven(verdict, proven));
    }

    /** What a login depends on: sizes and limits do not matter. */
    private static List<Object> loginOf(Placed tenant) {
        return List.of(tenant.id(), tenant.poolName(), tenant.database(), tenant.upstream(), tenant.roles());
    }

    /** Names what a proof covers: the generation and the credentials, or what was proven before a mistake in the spec. */
    static String content(Verdict verdict, TenantStatus.@Nullable Proven proven) {
        var generation = verdict.finding() != null && proven != null ? proven.generation() : verdict.generation();
        return generation + ":" + verdict.credentialsVersion();
    }

    /** Whether the last proof covers what was decided. */
    static boolean isProven(Verdict verdict, TenantStatus.@Nullable Proven proven) {
        return proven != null
                && Objects.equals(proven.credentialsVersion(), verdict.credentialsVersion())
                && (verdict.finding() != null || proven.generation() == verdict.generation());
    }
}
