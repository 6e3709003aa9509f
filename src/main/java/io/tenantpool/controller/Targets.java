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
import org.jspecify.annotations.Nullable;

/** What delivery has to prove of a pooler's tenants. */
final class Targets {
    private Targets() {}

    /** The last proof of each Tenant that has one, by its UID. */
    static Map<String, TenantStatus.Proven> proven(List<Tenant> tenants) {
        var proven = new HashMap<String, TenantStatus.Proven>();
        for (var tenant : tenants) {
            if (tenant.getStatus() != null && tenant.getStatus().proven() != null) {
                proven.put(tenant.getMetadata().getUid(), tenant.getStatus().proven());
            }
        }
        return proven;
    }

    /**
     * What delivery has to prove.
     *
     * @param held what the poolers served before: a proof of earlier days covers only what was not touched since
     */
    static List<Wanted.Target> of(
            PoolerContent content, Plan plan, List<HeldPooler> held, Map<String, TenantStatus.Proven> proven) {
        var before = new HashMap<String, Placed>();
        held.stream()
                .filter(pooler -> pooler.id().equals(content.id()))
                .flatMap(pooler -> pooler.tenants().stream())
                .filter(tenant -> tenant.standing().isServing())
                .forEach(tenant -> before.put(tenant.id().uid(), tenant));
        var targets = new ArrayList<Wanted.Target>();
        for (var placed : content.tenants()) {
            if (!placed.standing().isServing()) {
                continue; // its logins are refused
            }
            var verdict = plan.verdicts().get(placed.id().uid());
            if (verdict != null) { // one that the cache lacks is served on, but there is nobody to tell
                var uid = placed.id().uid();
                targets.add(target(placed, verdict, proven.get(uid), isSameLogin(placed, before.get(uid))));
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
    private static boolean isSameLogin(Placed tenant, @Nullable Placed before) {
        return before != null
                && tenant.id().equals(before.id())
                && tenant.poolName().equals(before.poolName())
                && tenant.database().equals(before.database())
                && tenant.upstream().equals(before.upstream())
                && tenant.roles().equals(before.roles());
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
