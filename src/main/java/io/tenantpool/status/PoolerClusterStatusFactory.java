package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus.ListenerStatus;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus.TenantCounts;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Finding;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Derives what a PoolerCluster's status says. */
public final class PoolerClusterStatusFactory {
    private final Clock clock;

    public PoolerClusterStatusFactory(Clock clock) {
        this.clock = clock;
    }

    /** The status of a spec that can't be served; what was served before is left as it is. */
    public PoolerClusterStatus invalid(PoolerCluster cluster, Finding finding) {
        var old = cluster.getStatus();
        var conditions = new Conditions(old == null ? null : old.conditions(), generation(cluster), clock)
                .set(ConditionType.Accepted, false, finding.reason(), finding.message())
                .set("Stalled", "True", finding.reason(), "See Accepted");
        return new PoolerClusterStatus(
                generation(cluster),
                conditions.list(),
                old == null ? null : old.listeners(),
                old == null ? null : old.tenants(),
                old == null ? null : old.budget());
    }

    /** The status of a spec that is served. */
    public PoolerClusterStatus derive(PoolerCluster cluster, PoolerClusterFacts facts) {
        var old = cluster.getStatus();
        var budget = facts.plan().budget();
        var conditions = new Conditions(old == null ? null : old.conditions(), generation(cluster), clock)
                .set(ConditionType.Accepted, true, Reason.Valid, "The spec is valid");
        pods(conditions, facts.listeners(), facts.foreign());
        BudgetConditions.set(conditions, budget, facts.plan().braked(), facts.troubles());
        CertificateConditions.set(conditions, facts.certificates(), facts.otherCertificates());
        TrustConditions.set(conditions, facts.trust(), clock.instant());
        VersionConditions.set(conditions, old == null ? null : old.conditions(), facts.holes(), facts.sound());
        return new PoolerClusterStatus(
                generation(cluster),
                conditions.list(),
                List.copyOf(facts.listeners()),
                new TenantCounts(facts.accepted()),
                budget.stream().map(BudgetConditions::status).toList());
    }

    private static void pods(Conditions conditions, List<ListenerStatus> listeners, SortedSet<String> foreign) {
        var empty = listeners.stream()
                .filter(listener -> listener.pods() == 0)
                .map(ListenerStatus::name)
                .toList();
        var late = listeners.stream()
                .filter(listener -> listener.podsUpToDate() < listener.pods())
                .map(ListenerStatus::name)
                .toList();
        if (empty.isEmpty()) {
            conditions.set(ConditionType.Ready, true, Reason.Available, "Every door has pooler pods");
        } else {
            conditions.set(
                    ConditionType.Ready,
                    false,
                    Reason.Unavailable,
                    "No ready pooler pod behind listener " + empty + "; see its Deployment");
        }
        if (!foreign.isEmpty()) {
            conditions.set(
                    ConditionType.Programmed,
                    false,
                    Reason.NotOwned,
                    ("Objects with names that this PoolerCluster needs were not made for it and are left alone: %s; delete"
                                    + " or rename them, or create a PoolerCluster of another name")
                            .formatted(String.join(", ", foreign)));
        } else if (late.isEmpty() && empty.isEmpty()) {
            conditions.set(
                    ConditionType.Programmed, true, Reason.Programmed, "Every pooler pod serves the current content");
        } else {
            conditions.set(
                    ConditionType.Programmed,
                    false,
                    late.isEmpty() ? Reason.NoPods : Reason.PodsNotReached,
                    "Pooler pods are missing or can't be brought up to date behind listener "
                            + (late.isEmpty() ? empty : late));
        }
    }

    /** Whether both say the same; conditions of others are passed over. */
    public static boolean same(@Nullable PoolerClusterStatus old, PoolerClusterStatus newer) {
        return old != null
                && !urgent(old, newer)
                && Objects.equals(old.listeners(), newer.listeners())
                && Objects.equals(old.tenants(), newer.tenants())
                && Objects.equals(old.budget(), newer.budget());
    }

    /** Whether {@code newer} says something that somebody waits for; counts and revisions alone can wait. */
    public static boolean urgent(PoolerClusterStatus old, PoolerClusterStatus newer) {
        return !Conditions.same(old.conditions(), newer.conditions())
                || !Objects.equals(old.observedGeneration(), newer.observedGeneration());
    }

    private static long generation(PoolerCluster cluster) {
        return Objects.requireNonNullElse(cluster.getMetadata().getGeneration(), 0L);
    }
}
