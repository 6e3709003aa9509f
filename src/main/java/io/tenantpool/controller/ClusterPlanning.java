package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.NamespaceRule;
import io.tenantpool.model.Plan;
import io.tenantpool.model.Planner;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.TenantResolver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Gathers what a plan is made of and has it made. */
public final class ClusterPlanning {
    private final Engine engine;
    private final Delivery delivery;
    private final Evidence evidence;

    public ClusterPlanning(Engine engine, Delivery delivery, KubernetesClient client) {
        this.engine = engine;
        this.delivery = delivery;
        this.evidence = new Evidence(client);
    }

    Plan plan(
            PoolerCluster cluster, ClusterModel model, PoolerSources sources, List<HeldPooler> held, PoolerKeys keys) {
        var id = ResourceID.fromResource(cluster);
        var tenants = sources.tenants(id);
        var gone = evidence.gone(id, held, tenants);
        var rule = NamespaceRule.of(
                cluster.getMetadata().getNamespace(), cluster.getSpec().allowedTenants());
        var resolver = new TenantResolver(
                model, rule, sources.namespaceLabels(), new CachedCredentials(sources.credentials()), engine);
        var resolutions = tenants.stream()
                .filter(tenant -> tenant.getMetadata().getDeletionTimestamp() == null)
                .filter(tenant -> !gone.contains(tenant.getMetadata().getUid()))
                .map(resolver::resolve)
                .toList();
        return new Planner(model, held, keys, stillServed(model)).plan(withEvidence(resolutions, held, rule), gone);
    }

    /** A cache may lag: nobody who is served is shut out before the API server itself says that the door is closed. */
    private List<Resolution> withEvidence(List<Resolution> resolutions, List<HeldPooler> held, NamespaceRule rule) {
        var served = held.stream()
                .flatMap(pooler -> pooler.tenants().stream())
                .map(tenant -> tenant.id().uid())
                .collect(Collectors.toSet());
        return resolutions.stream()
                .filter(resolution -> !(resolution instanceof Resolution.Refused refused
                        && refused.finding().revokes()
                        && served.contains(refused.id().uid())
                        && evidence.admits(rule, refused.id().namespace())))
                .toList();
    }

    private Set<String> stillServed(ClusterModel model) {
        var names = new HashSet<String>();
        for (var cell : model.cells()) {
            for (var listener : model.listeners()) {
                delivery.pods(model.pooler(cell, listener.name())).ifPresent(pods -> names.addAll(pods.stillServed()));
            }
        }
        return names;
    }
}
