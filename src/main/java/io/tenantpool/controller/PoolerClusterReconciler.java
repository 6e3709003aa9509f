package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.delivery.Wanted;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.NamespaceRule;
import io.tenantpool.model.Plan;
import io.tenantpool.model.Planner;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.resource.PoolerSecret;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Observe, resolve, plan, render, apply, deliver: everything of a PoolerCluster, each time from the beginning. */
@ControllerConfiguration(
        name = "poolercluster",
        fieldManager = "tenantpool",
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public class PoolerClusterReconciler implements Reconciler<PoolerCluster> {
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final Duration SOON = Duration.ofMillis(50);

    private final Engine engine;
    private final Delivery delivery;
    private final Verdicts verdicts;
    private final Signals signals;
    private final PoolerSecretWriter secrets;
    private final PoolerObjects objects;
    private final PoolerClusterStatusWriter status;
    private final KeySource keySource;
    private @Nullable PoolerSources sources;

    @Inject
    public PoolerClusterReconciler(
            Engine engine,
            Delivery delivery,
            Verdicts verdicts,
            Signals signals,
            PoolerSecretWriter secrets,
            PoolerObjects objects,
            PoolerClusterStatusWriter status,
            KeySource keySource) {
        this.engine = engine;
        this.delivery = delivery;
        this.verdicts = verdicts;
        this.signals = signals;
        this.secrets = secrets;
        this.objects = objects;
        this.status = status;
        this.keySource = keySource;
    }

    @Override
    public List<EventSource<?, PoolerCluster>> prepareEventSources(EventSourceContext<PoolerCluster> context) {
        sources = new PoolerSources(context);
        var all = sources.all();
        all.add(signals.poolerClusters());
        return all;
    }

    @Override
    public UpdateControl<PoolerCluster> reconcile(PoolerCluster cluster, Context<PoolerCluster> context) {
        if (cluster.getMetadata().getDeletionTimestamp() != null || sources == null) {
            return UpdateControl.noUpdate();
        }
        var resolved = ClusterResolver.resolve(cluster);
        var finding = resolved.finding().or(() -> objects.missingImage(cluster));
        if (finding.isPresent() || resolved.model().isEmpty()) {
            finding.ifPresent(why -> status.invalid(cluster, why));
            verdicts.publishInvalid(
                    ResourceID.fromResource(cluster), sources.tenants(ResourceID.fromResource(cluster)));
            return UpdateControl.noUpdate();
        }
        return serve(cluster, resolved.model().get(), sources, context);
    }

    private UpdateControl<PoolerCluster> serve(
            PoolerCluster cluster, ClusterModel model, PoolerSources from, Context<PoolerCluster> context) {
        var held = heldSecrets(ResourceID.fromResource(cluster), model, from);
        var keys = held.values().stream()
                .flatMap(secret -> engine.keys(PoolerSecret.entries(secret)).stream())
                .findFirst()
                .orElseGet(keySource::fresh);
        var plan = plan(cluster, model, from, held, keys, context);
        verdicts.publish(ResourceID.fromResource(cluster), plan.verdicts());
        var applier = new Applier(from, context, objects.meters());
        var wait = Duration.ZERO;
        for (var content : plan.poolers()) {
            try {
                var pause = serve(cluster, content, held.get(content.id()), plan, applier, from);
                wait = pause.compareTo(wait) > 0 ? pause : wait;
            } catch (KubernetesClientException e) {
                beginAgain(content.id(), e);
                wait = SOON;
            }
        }
        objects.prune(ResourceID.fromResource(cluster), plan, applier, from, context.getClient());
        var later = status.report(cluster, plan);
        var next = wait.isZero() ? later : Optional.of(wait);
        return next.map(pause -> UpdateControl.<PoolerCluster>noUpdate().rescheduleAfter(pause))
                .orElseGet(UpdateControl::noUpdate);
    }

    /** Somebody else wrote or deleted the Secret: the next round starts from what it is now. */
    private void beginAgain(PoolerId id, KubernetesClientException failure) {
        switch (failure.getCode()) {
            case CONFLICT -> secrets.forget(id);
            case NOT_FOUND -> secrets.deleted(id);
            default -> throw failure;
        }
    }

    private Plan plan(
            PoolerCluster cluster,
            ClusterModel model,
            PoolerSources from,
            Map<PoolerId, Secret> heldSecrets,
            PoolerKeys keys,
            Context<PoolerCluster> context) {
        var id = ResourceID.fromResource(cluster);
        var held = heldSecrets.entrySet().stream()
                .map(entry -> engine.parse(entry.getKey(), PoolerSecret.entries(entry.getValue())))
                .toList();
        var tenants = from.tenants(id);
        var gone = new Evidence(context.getClient()).gone(id, held, tenants);
        var rule = NamespaceRule.of(
                cluster.getMetadata().getNamespace(), cluster.getSpec().allowedTenants());
        var resolver = new TenantResolver(
                model, rule, from.namespaceLabels(), new CachedCredentials(from.credentials()), engine);
        var resolutions = tenants.stream()
                .filter(tenant -> tenant.getMetadata().getDeletionTimestamp() == null)
                .filter(tenant -> !gone.contains(tenant.getMetadata().getUid()))
                .map(resolver::resolve)
                .toList();
        return new Planner(model, held, keys, stillServed(model)).plan(resolutions, gone);
    }

    private Set<String> stillServed(ClusterModel model) {
        var names = new HashSet<String>();
        model.cells().forEach(cell -> model.listeners()
                .forEach(listener -> names.addAll(
                        delivery.pods(model.pooler(cell, listener.name())).stillServed())));
        return names;
    }

    private Map<PoolerId, Secret> heldSecrets(ResourceID cluster, ClusterModel model, PoolerSources from) {
        var newest = new HashMap<PoolerId, Secret>();
        from.poolerSecrets(cluster)
                .forEach(secret -> References.pooler(secret).ifPresent(id -> newest.put(id, secret)));
        for (var cell : model.cells()) {
            for (var listener : model.listeners()) {
                var id = model.pooler(cell, listener.name());
                secrets.newest(id, newest.get(id)).ifPresent(secret -> newest.put(id, secret));
            }
        }
        return newest;
    }

    private Duration serve(
            PoolerCluster cluster,
            PoolerContent content,
            @Nullable Secret held,
            Plan plan,
            Applier applier,
            PoolerSources from) {
        var files = engine.render(content);
        var wait = secrets.write(content.id(), files, cluster, held);
        var service = objects.apply(cluster, content, applier);
        if (wait.isZero()) {
            delivery.want(new Wanted(
                    content.id(),
                    files.revision(),
                    content.keys().consolePassword(),
                    files.sentinel(),
                    content.listener().port(),
                    service,
                    Targets.of(content, plan, from.tenants(ResourceID.fromResource(cluster)))));
        }
        return wait;
    }

    static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference -> owner.getMetadata().getUid().equals(reference.getUid()));
    }
}
