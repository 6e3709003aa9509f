package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import io.tenantpool.status.TenantStatusFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Holds up the deletion of Tenants that want their clients to finish, and only of those. Whatever else goes first (pods,
 * the PoolerCluster, a namespace), the Tenant goes at the latest {@link #MARGIN} after its time.
 */
public final class DrainFinalizers {
    /** How often Tenants that are being deleted are looked at. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(DrainFinalizers.class);
    private static final Duration MARGIN = Duration.ofSeconds(30);
    /** Gone, changed or being deleted: the next event or look begins again from what it is then. */
    private static final Set<Integer> CHANGED_MEANWHILE = Set.of(404, 409, 422);

    private final KubernetesClient client;
    private final Verdicts verdicts;
    private final Clock clock;
    private final Meters meters;
    private final TenantReporter reporter;
    private final TenantStatusFactory statusFactory;
    private volatile Optional<PoolerSources> sources = Optional.empty();

    public DrainFinalizers(
            KubernetesClient client,
            Verdicts verdicts,
            Clock clock,
            Meters meters,
            TenantReporter reporter,
            TenantStatusFactory statusFactory) {
        this.reporter = reporter;
        this.statusFactory = statusFactory;
        this.client = client;
        this.verdicts = verdicts;
        this.clock = clock;
        this.meters = meters;
    }

    void readFrom(PoolerSources newSources) {
        sources = Optional.of(newSources);
    }

    /** Adds or removes the finalizer of a Tenant that is not being deleted. */
    void keep(Tenant tenant) {
        if (Draining.isWanted(tenant) != Draining.holds(tenant)) {
            write(tenant, Draining.isWanted(tenant));
        }
    }

    /** Lets Tenants go whose clients are gone or whose time is up; called every {@link #EVERY}. */
    public void look() {
        sources.map(PoolerSources::draining).orElse(List.of()).forEach(tenant -> {
            try {
                if (mayGo(tenant)) {
                    write(tenant, false);
                } else {
                    report(tenant);
                }
            } catch (KubernetesClientException e) {
                LOG.debugf(
                        e,
                        "Tenant %s is let go with the next look",
                        tenant.getMetadata().getName());
            }
        });
    }

    /** The framework reconciles no object that is being deleted; whoever looks at it is told all the same. */
    private void report(Tenant tenant) {
        var verdict = References.poolerCluster(tenant)
                .map(cluster -> verdicts.find(cluster, tenant.getMetadata().getUid()))
                .orElse(null);
        if (verdict != null && verdict.served() && !verdict.standing().isServing()) {
            reporter.report(tenant, statusFactory.derive(tenant, verdict, List.of()));
        }
    }

    private boolean mayGo(Tenant tenant) {
        var until = Draining.until(tenant);
        if (until.isEmpty() || clock.instant().isAfter(until.get().plus(MARGIN))) {
            return true;
        }
        var cluster = References.poolerCluster(tenant);
        return cluster.isEmpty()
                || isServedNoMore(cluster.get(), tenant)
                || cluster.filter(this::exists).isEmpty();
    }

    private boolean isServedNoMore(ResourceID cluster, Tenant tenant) {
        var meta = tenant.getMetadata();
        var verdict = verdicts.find(cluster, meta.getUid());
        return verdict != null && verdict.generation() == meta.getGeneration() && !verdict.served();
    }

    private boolean exists(ResourceID cluster) {
        var live = client.resources(PoolerCluster.class)
                .inNamespace(cluster.getNamespace().orElse(""))
                .withName(cluster.getName())
                .get();
        return live != null && live.getMetadata().getDeletionTimestamp() == null;
    }

    private void write(Tenant tenant, boolean hold) {
        try {
            if (hold) {
                add(tenant);
            } else {
                remove(tenant);
            }
            meters.objectWritten("Tenant", "finalizer");
        } catch (KubernetesClientException e) {
            if (!CHANGED_MEANWHILE.contains(e.getCode())) {
                throw e;
            }
        }
    }

    /** By server-side apply, so that the finalizers of others stay; the UID lets no later Tenant be made by it. */
    private void add(Tenant tenant) {
        var meta = tenant.getMetadata();
        var patch = new Tenant();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(meta.getNamespace())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withFinalizers(Labels.DRAIN_FINALIZER)
                .build());
        client.resource(patch)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(Names.DRAIN_FIELD_MANAGER)
                        .withForce(true)
                        .build());
    }

    /** By value: a Tenant that was restored from a backup has it from whoever restored it. */
    private void remove(Tenant tenant) {
        var meta = tenant.getMetadata();
        var resource =
                client.resources(Tenant.class).inNamespace(meta.getNamespace()).withName(meta.getName());
        var live = resource.get();
        if (live == null || !meta.getUid().equals(live.getMetadata().getUid()) || !Draining.holds(live)) {
            return;
        }
        var left = live.getMetadata().getFinalizers().stream()
                .filter(finalizer -> !Labels.DRAIN_FINALIZER.equals(finalizer))
                .map(finalizer -> '"' + finalizer + '"')
                .collect(Collectors.joining(","));
        resource.patch(
                PatchContext.of(PatchType.JSON),
                ("[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"%s\"},"
                                + "{\"op\":\"replace\",\"path\":\"/metadata/finalizers\",\"value\":[%s]}]")
                        .formatted(live.getMetadata().getResourceVersion(), left));
    }
}
