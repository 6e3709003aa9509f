package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.EventRecorder;
import io.tenantpool.observe.Meters;
import io.tenantpool.status.Conditions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The one writer of a Tenant's status, and of its events. */
public final class TenantReporter {
    private static final Logger LOG = Logger.getLogger(TenantReporter.class);
    private static final Duration SAME_NEWS = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final Clock clock;
    private final StatusPatch patch;
    private final EventRecorder events;
    private final Meters meters;
    private final Duration pendingAfter;
    private final Map<String, Said> last = new ConcurrentHashMap<>();
    private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();

    public TenantReporter(
            KubernetesClient client,
            Clock clock,
            StatusPatch patch,
            EventRecorder events,
            Meters meters,
            Duration pendingAfter) {
        this.client = client;
        this.clock = clock;
        this.patch = patch;
        this.events = events;
        this.meters = meters;
        this.pendingAfter = pendingAfter;
    }

    /** When a generation that is not proven yet was first seen. */
    private record Sighting(long generation, Instant at) {}

    /** What was written last, and when. */
    private record Said(TenantStatus status, Instant at) {}

    void seen(Tenant tenant) {
        var status = tenant.getStatus();
        var proven = status == null ? null : status.proven();
        long generation = tenant.getMetadata().getGeneration();
        if (proven == null || proven.generation() != generation) {
            sightings.compute(
                    tenant.getMetadata().getUid(),
                    (uid, before) -> before != null && before.generation() == generation
                            ? before
                            : new Sighting(generation, clock.instant()));
        }
    }

    /** Forgets a Tenant that is gone. */
    public void forget(String tenantUid) {
        sightings.remove(tenantUid);
        last.remove(tenantUid);
    }

    /** How long to wait before a Tenant that is not ready is reported so, or empty when the time has come. */
    Optional<Duration> pending(Tenant tenant) {
        var sighting = sightings.get(tenant.getMetadata().getUid());
        if (sighting == null) {
            return Optional.empty();
        }
        var left = pendingAfter.minus(Duration.between(sighting.at(), clock.instant()));
        return left.isNegative() || left.isZero() ? Optional.empty() : Optional.of(left.plusMillis(1));
    }

    void report(Tenant tenant, TenantStatus newer) {
        var uid = tenant.getMetadata().getUid();
        var own = last.get(uid);
        if (own != null && own.at().plus(SAME_NEWS).isAfter(clock.instant()) && sameNews(own.status(), newer)) {
            return; // the cache lags behind our own write, or a server found other words for the same failure
        }
        var old = tenant.getStatus();
        if (old != null && Conditions.same(old.conditions(), newer.conditions()) && sameRest(old, newer)) {
            return;
        }
        patch.apply(client, Tenant.class, tenant, fresh -> fresh.setStatus(newer));
        last.put(uid, new Said(newer, clock.instant()));
        LOG.debugf(
                "Status of Tenant %s/%s written",
                tenant.getMetadata().getNamespace(), tenant.getMetadata().getName());
        tell(tenant, own == null ? old : own.status(), newer);
    }

    private static boolean sameNews(TenantStatus old, TenantStatus newer) {
        return Conditions.sameButForWords(old.conditions(), newer.conditions()) && sameRest(old, newer);
    }

    /** A Secret of the binding's name is somebody else's. */
    void bindingNotOurs(Tenant tenant) {
        var name = Names.binding(tenant.getMetadata().getName());
        var message = "Secret %s exists and was not made by Tenantpool; delete or rename it, or rename the Tenant"
                .formatted(name);
        var old = tenant.getStatus();
        var conditions = new Conditions(
                        old == null ? null : old.conditions(),
                        tenant.getMetadata().getGeneration(),
                        clock)
                .set(ConditionType.Accepted, true, Reason.Accepted, "The references resolve, are allowed and fit")
                .set(
                        ConditionType.Programmed,
                        true,
                        Reason.Programmed,
                        "Every pooler pod in traffic serves the current content")
                .set(ConditionType.Ready, false, Reason.NotOwned, message);
        report(
                tenant,
                new TenantStatus(
                        tenant.getMetadata().getGeneration(),
                        conditions.list(),
                        old == null ? null : old.proven(),
                        null,
                        old == null ? null : old.endpoints(),
                        old == null ? null : old.placement()));
    }

    private static boolean sameRest(TenantStatus old, TenantStatus newer) {
        return Objects.equals(old.observedGeneration(), newer.observedGeneration())
                && Objects.equals(old.proven(), newer.proven())
                && Objects.equals(old.binding(), newer.binding())
                && Objects.equals(old.endpoints(), newer.endpoints())
                && Objects.equals(old.placement(), newer.placement());
    }

    private void tell(Tenant tenant, @Nullable TenantStatus old, TenantStatus newer) {
        var before =
                Conditions.find(old == null ? null : old.conditions(), "Ready").orElse(null);
        var after = Conditions.find(newer.conditions(), "Ready").orElseThrow();
        var accepted = Conditions.find(newer.conditions(), "Accepted").orElseThrow();
        var ready = "True".equals(after.getStatus());
        if (ready) {
            measure(tenant);
        }
        if ("False".equals(accepted.getStatus())) {
            events.warn(tenant, Reason.valueOf(accepted.getReason()), accepted.getMessage());
        } else if (ready && isTrouble(before)) {
            events.tell(tenant, Reason.valueOf(after.getReason()), after.getMessage());
        } else if (isTrouble(after) && (before == null || !after.getReason().equals(before.getReason()))) {
            events.warn(tenant, Reason.valueOf(after.getReason()), after.getMessage());
        }
    }

    /** Being on the way is no trouble. */
    private static boolean isTrouble(@Nullable Condition ready) {
        return ready != null
                && "False".equals(ready.getStatus())
                && !Reason.Proving.name().equals(ready.getReason());
    }

    private void measure(Tenant tenant) {
        var sighting = sightings.remove(tenant.getMetadata().getUid());
        var isNew = tenant.getStatus() == null || tenant.getStatus().proven() == null;
        if (sighting != null && isNew) {
            meters.tenantReady(Duration.between(sighting.at(), clock.instant()));
        }
    }
}
