package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.model.Progress;
import io.tenantpool.model.TenantId;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.model.Verdict;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import io.tenantpool.status.TenantStatusFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reports what was decided and found out about a Tenant, and publishes its binding after the proof. */
@ControllerConfiguration(
        name = "tenant",
        fieldManager = "tenantpool",
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public class TenantReconciler implements Reconciler<Tenant> {
    private static final String BY_CLUSTER = "poolerCluster";

    private final Verdicts verdicts;
    private final Delivery delivery;
    private final Signals signals;
    private final BindingWriter bindings;
    private final TenantStatusFactory statusFactory;
    private final TenantReporter reporter;
    private final DrainFinalizers finalizers;
    private final Doorkeeper doorkeeper;
    private @Nullable InformerEventSource<PoolerCluster, Tenant> poolerClusters;
    private @Nullable InformerEventSource<Secret, Tenant> bindingSecrets;

    @Inject
    public TenantReconciler(
            Verdicts verdicts,
            Delivery delivery,
            Signals signals,
            BindingWriter bindings,
            TenantStatusFactory statusFactory,
            TenantReporter reporter,
            DrainFinalizers finalizers,
            Doorkeeper doorkeeper) {
        this.verdicts = verdicts;
        this.delivery = delivery;
        this.signals = signals;
        this.bindings = bindings;
        this.statusFactory = statusFactory;
        this.reporter = reporter;
        this.finalizers = finalizers;
        this.doorkeeper = doorkeeper;
    }

    @Override
    public List<EventSource<?, Tenant>> prepareEventSources(EventSourceContext<Tenant> context) {
        var tenants = context.getPrimaryCache();
        tenants.addIndexer(BY_CLUSTER, tenant -> References.poolerCluster(tenant).map(References::key).stream()
                .toList());
        poolerClusters = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(PoolerCluster.class, Tenant.class)
                        .withName("poolerclusters")
                        .withSecondaryToPrimaryMapper(cluster ->
                                tenants.byIndex(BY_CLUSTER, References.key(ResourceID.fromResource(cluster))).stream()
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .withOnUpdateFilter((newer, older) -> false) // what it decides arrives as a signal
                        .build(),
                context);
        bindingSecrets = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, Tenant.class)
                        .withName("bindings")
                        .withLabelSelector(Labels.SELECT_BINDING)
                        .withSecondaryToPrimaryMapper(TenantReconciler::owner)
                        .build(),
                context);
        return new ArrayList<>(List.of(poolerClusters, bindingSecrets, signals.tenants()));
    }

    private static Set<ResourceID> owner(Secret binding) {
        return binding.getMetadata().getOwnerReferences().stream()
                .filter(reference -> "Tenant".equals(reference.getKind()))
                .map(reference -> new ResourceID(
                        reference.getName(), binding.getMetadata().getNamespace()))
                .collect(Collectors.toSet());
    }

    @Override
    public UpdateControl<Tenant> reconcile(Tenant tenant, Context<Tenant> context) {
        if (tenant.getMetadata().getDeletionTimestamp() != null) {
            return UpdateControl.noUpdate();
        }
        finalizers.keep(tenant);
        reporter.seen(tenant);
        var verdict = verdict(tenant);
        if (verdict == null) {
            return again(reporter.pending(tenant));
        }
        if (verdict.finding() == null && !verdict.standing().isServing()) {
            reporter.report(tenant, statusFactory.derive(tenant, verdict, List.of()));
            return UpdateControl.noUpdate();
        }
        var progress = progress(tenant, verdict);
        if (progress.size() < verdict.poolers().size() && isLatched(tenant, verdict)) {
            // Delivery has not heard of it yet, as after a restart: that is no news of the tenant.
            return again(Optional.of(Duration.ofSeconds(2)));
        }
        var ready = TenantStatusFactory.ready(verdict, progress);
        if (ready && !bindings.publish(tenant, verdict, binding(tenant))) {
            reporter.bindingNotOurs(tenant);
            return UpdateControl.noUpdate();
        }
        var settled = ready || verdict.finding() != null || progress.stream().anyMatch(p -> p.failure() != null);
        var wait = settled ? Optional.<Duration>empty() : reporter.pending(tenant);
        if (wait.isPresent()) {
            return again(wait);
        }
        reporter.report(tenant, statusFactory.derive(tenant, verdict, progress));
        // Programmed changes while pods catch up; nobody announces each of them.
        return ready || verdict.finding() != null
                ? UpdateControl.noUpdate()
                : again(Optional.of(Duration.ofSeconds(2)));
    }

    private static UpdateControl<Tenant> again(Optional<Duration> wait) {
        return wait.map(pause -> UpdateControl.<Tenant>noUpdate().rescheduleAfter(pause))
                .orElseGet(UpdateControl::noUpdate);
    }

    /** What was decided for this very generation, or null while nothing was. */
    private @Nullable Verdict verdict(Tenant tenant) {
        var meta = tenant.getMetadata();
        var cluster = References.poolerCluster(tenant).orElse(new ResourceID("", meta.getNamespace()));
        var named = Optional.ofNullable(poolerClusters).flatMap(known -> known.get(cluster));
        var found = verdicts.find(cluster, meta.getUid());
        if (named.isEmpty() || found == null && !doorkeeper.admits(named.get(), meta.getNamespace())) {
            return Verdict.refused(
                    new TenantId(meta.getUid(), meta.getNamespace(), meta.getName()),
                    meta.getGeneration(),
                    TenantResolver.notFound(cluster.getNamespace().orElse(""), cluster.getName(), meta.getNamespace()));
        }
        return found != null && found.generation() == meta.getGeneration() ? found : null;
    }

    private static boolean isLatched(Tenant tenant, Verdict verdict) {
        var status = tenant.getStatus();
        return verdict.finding() == null
                && verdict.served()
                && Targets.isProven(verdict, status == null ? null : status.proven());
    }

    private List<Progress> progress(Tenant tenant, Verdict verdict) {
        if (!verdict.served()) {
            return List.of();
        }
        var status = tenant.getStatus();
        var content = Targets.content(verdict, status == null ? null : status.proven());
        return verdict.poolers().stream()
                .map(endpoint ->
                        delivery.progress(endpoint.pooler(), verdict.id().uid()))
                .filter(Objects::nonNull)
                .filter(progress -> content.equals(progress.content()))
                .toList();
    }

    private @Nullable Secret binding(Tenant tenant) {
        return bindingSecrets == null
                ? null
                : bindingSecrets
                        .get(new ResourceID(
                                Names.binding(tenant.getMetadata().getName()),
                                tenant.getMetadata().getNamespace()))
                        .orElse(null);
    }
}
