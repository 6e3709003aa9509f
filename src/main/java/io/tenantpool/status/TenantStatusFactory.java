package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.model.Progress;
import io.tenantpool.model.Standing;
import io.tenantpool.model.Verdict;
import io.tenantpool.naming.Names;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Derives what a Tenant's status says from what was decided and what was found out. Pure but for the clock. */
public final class TenantStatusFactory {
    private final Clock clock;

    public TenantStatusFactory(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param progress one for each pooler of the verdict that has heard of the tenant's content
     * @return the whole status; equal to the old one when nothing new is known
     */
    public TenantStatus derive(Tenant tenant, Verdict verdict, List<Progress> progress) {
        var old = tenant.getStatus();
        var conditions = new Conditions(old == null ? null : old.conditions(), generation(tenant), clock);
        var finding = verdict.finding();
        accepted(conditions, verdict);
        var ready = ready(verdict, progress);
        var proven = stillProven(old, verdict);
        if (finding == null && !verdict.standing().isServing()) {
            notServing(conditions, verdict.standing());
        } else if (verdict.served()) {
            // After a refused edit these two speak of what is served, or who waits for Ready would take it for the
            // edit.
            conditions.of(finding != null && proven != null ? proven.generation() : generation(tenant));
            delivered(conditions, verdict, progress);
            conditions.of(generation(tenant));
        } else {
            var reason = finding == null ? Reason.Pending : finding.reason();
            conditions.set(ConditionType.Programmed, false, reason, "No pooler serves this Tenant; see Accepted");
            conditions.set(ConditionType.Ready, false, reason, "No pooler serves this Tenant; see Accepted");
        }
        if (finding != null) {
            conditions.set("Stalled", "True", finding.reason(), "See Accepted");
        } else if (!ready && verdict.standing().kind() != Standing.Kind.Suspended) {
            conditions.set("Reconciling", "True", Reason.Proving, "See Programmed and Ready");
        }
        return new TenantStatus(
                generation(tenant),
                conditions.list(),
                ready ? newlyProven(tenant, verdict, proven) : proven,
                ready
                        ? new TenantStatus.Binding(
                                Names.binding(tenant.getMetadata().getName()))
                        : old == null ? null : old.binding(),
                verdict.served() ? endpoints(verdict) : null,
                verdict.served() ? placement(verdict) : null);
    }

    private static void notServing(Conditions conditions, Standing standing) {
        var suspended = standing.kind() == Standing.Kind.Suspended;
        var reason = suspended ? Reason.Suspended : Reason.Draining;
        var message = suspended
                ? "No pooler serves this Tenant while spec.suspend is set; its names are kept"
                : "New logins are refused; clients that are connected may finish until "
                        + Instant.ofEpochSecond(standing.until());
        conditions.set(ConditionType.Programmed, false, reason, message);
        conditions.set(ConditionType.Ready, false, reason, message);
    }

    private static void accepted(Conditions conditions, Verdict verdict) {
        var finding = verdict.finding();
        if (finding == null) {
            conditions.set(
                    ConditionType.Accepted, true, Reason.Accepted, "The references resolve, are allowed and fit");
        } else {
            var served = verdict.served() && !finding.partial() ? "; the last good content keeps serving" : "";
            conditions.set(ConditionType.Accepted, false, finding.reason(), finding.message() + served);
        }
    }

    private static TenantStatus.@Nullable Proven newlyProven(
            Tenant tenant, Verdict verdict, TenantStatus.@Nullable Proven before) {
        var version = Objects.requireNonNull(verdict.credentialsVersion());
        if (verdict.finding() == null) {
            return new TenantStatus.Proven(generation(tenant), version);
        }
        return before == null ? null : new TenantStatus.Proven(before.generation(), version);
    }

    /** What was proven stays said while just that is served. */
    private static TenantStatus.@Nullable Proven stillProven(@Nullable TenantStatus old, Verdict verdict) {
        var proven = old == null ? null : old.proven();
        if (proven == null || !verdict.served()) {
            return null;
        }
        var finding = verdict.finding();
        // The rest of an edit that was not granted arrives: what it was proven for before stays the generation.
        return proven.credentialsVersion().equals(verdict.credentialsVersion()) || finding != null && finding.partial()
                ? proven
                : null;
    }

    /** Whether every pooler that serves the tenant has proven it. */
    public static boolean ready(Verdict verdict, List<Progress> progress) {
        return verdict.served()
                && verdict.standing().isServing()
                && !verdict.poolers().isEmpty()
                && progress.size() == verdict.poolers().size()
                && progress.stream().allMatch(Progress::done);
    }

    private static void delivered(Conditions conditions, Verdict verdict, List<Progress> progress) {
        var heard = progress.size() == verdict.poolers().size();
        if (heard && progress.stream().allMatch(Progress::programmed)) {
            conditions.set(
                    ConditionType.Programmed,
                    true,
                    Reason.Programmed,
                    "Every pooler pod in traffic serves the current content");
        } else {
            notProgrammed(conditions, progress);
        }
        var failure = progress.stream()
                .map(Progress::failure)
                .filter(Objects::nonNull)
                .findFirst();
        if (ready(verdict, progress)) {
            conditions.set(
                    ConditionType.Ready,
                    true,
                    Reason.LoginSucceeded,
                    "A login as each user worked through every pooler pod in traffic and the published address");
        } else if (failure.isPresent()) {
            conditions.set(
                    ConditionType.Ready,
                    false,
                    LoginWords.reason(failure.get().login()),
                    LoginWords.message(failure.get(), verdict));
        } else {
            conditions.set(ConditionType.Ready, false, Reason.Proving, "Not every login was tried yet; see Programmed");
        }
    }

    private static void notProgrammed(Conditions conditions, List<Progress> progress) {
        if (!progress.isEmpty() && progress.stream().anyMatch(p -> p.pods() == 0)) {
            conditions.set(
                    ConditionType.Programmed,
                    false,
                    Reason.NoPods,
                    "A door has no pooler pod in traffic; see the pods and the status of the PoolerCluster");
            return;
        }
        conditions.set(
                ConditionType.Programmed,
                false,
                Reason.Programming,
                "Some pooler pods do not serve the current content yet; see status.listeners of the PoolerCluster");
    }

    private static List<TenantStatus.TenantEndpoint> endpoints(Verdict verdict) {
        return verdict.poolers().stream()
                .map(e -> new TenantStatus.TenantEndpoint(e.pooler().listener(), Names.host(e.pooler()), e.port()))
                .toList();
    }

    private static TenantStatus.Placement placement(Verdict verdict) {
        var pooler = verdict.poolers().get(0).pooler();
        return new TenantStatus.Placement(pooler.namespace() + "/" + pooler.cluster(), pooler.cell());
    }

    private static long generation(Tenant tenant) {
        return Objects.requireNonNullElse(tenant.getMetadata().getGeneration(), 0L);
    }
}
