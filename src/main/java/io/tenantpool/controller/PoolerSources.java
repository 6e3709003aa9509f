package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The caches that a PoolerCluster is reconciled from, each restricted to what is needed. */
final class PoolerSources {
    private static final String BY_CLUSTER = "poolerCluster";
    private static final String BY_CREDENTIALS = "credentials";
    private static final String DRAINING = "draining";

    private final InformerEventSource<Tenant, PoolerCluster> tenants;
    private final InformerEventSource<Secret, PoolerCluster> credentials;
    private final InformerEventSource<Secret, PoolerCluster> poolerSecrets;
    private final InformerEventSource<Namespace, PoolerCluster> namespaces;
    private final Map<Class<?>, InformerEventSource<? extends HasMetadata, PoolerCluster>> owned =
            new LinkedHashMap<>();
    private final Signals signals;

    PoolerSources(EventSourceContext<PoolerCluster> context, Signals signals) {
        this.signals = signals;
        tenants = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Tenant.class, PoolerCluster.class)
                        .withName("tenants")
                        .withSecondaryToPrimaryMapper(tenant ->
                                References.poolerCluster(tenant).stream().collect(Collectors.toSet()))
                        .withOnUpdateFilter(this::isNews)
                        .build(),
                context);
        tenants.addIndexers(indexers());
        credentials = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, PoolerCluster.class)
                        .withName("credentials")
                        .withLabelSelector(Labels.SELECT_CREDENTIALS)
                        .withSecondaryToPrimaryMapper(this::usersOf)
                        .build(),
                context);
        poolerSecrets = source(context, Secret.class, "pooler-secrets");
        namespaces = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Namespace.class, PoolerCluster.class)
                        .withName("namespaces")
                        .withSecondaryToPrimaryMapper(this::clustersIn)
                        .withOnUpdateFilter((newer, older) -> !Objects.equals(
                                newer.getMetadata().getLabels(),
                                older.getMetadata().getLabels()))
                        .build(),
                context);
        own(context, Deployment.class, "deployments");
        own(context, Service.class, "services");
        own(context, ConfigMap.class, "configmaps");
        own(context, ServiceAccount.class, "serviceaccounts");
        own(context, PodDisruptionBudget.class, "poddisruptionbudgets");
        own(context, NetworkPolicy.class, "networkpolicies");
        own(context, HorizontalPodAutoscaler.class, "horizontalpodautoscalers");
    }

    private static Map<String, Function<Tenant, List<String>>> indexers() {
        return Map.of(
                BY_CLUSTER,
                tenant -> References.poolerCluster(tenant).map(References::key).stream()
                        .toList(),
                BY_CREDENTIALS,
                tenant -> References.credentials(tenant).stream()
                        .map(References::key)
                        .distinct()
                        .toList(),
                DRAINING,
                tenant -> Draining.until(tenant).isPresent() ? List.of(DRAINING) : List.of());
    }

    private <R extends HasMetadata> void own(EventSourceContext<PoolerCluster> context, Class<R> type, String name) {
        owned.put(type, source(context, type, name));
    }

    private static <R extends HasMetadata> InformerEventSource<R, PoolerCluster> source(
            EventSourceContext<PoolerCluster> context, Class<R> type, String name) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, PoolerCluster.class)
                        .withName(name)
                        .withLabelSelector(Labels.SELECT_POOLER)
                        .withSecondaryToPrimaryMapper(
                                object -> References.owner(object).stream().collect(Collectors.toSet()))
                        .build(),
                context);
    }

    List<EventSource<?, PoolerCluster>> all() {
        var all =
                new ArrayList<EventSource<?, PoolerCluster>>(List.of(tenants, credentials, poolerSecrets, namespaces));
        all.addAll(owned.values());
        return all;
    }

    /** The Tenants that name a PoolerCluster. */
    List<Tenant> tenants(ResourceID cluster) {
        return tenants.byIndex(BY_CLUSTER, References.key(cluster));
    }

    Stream<Secret> poolerSecrets(ResourceID cluster) {
        return poolerSecrets.list(
                cluster.getNamespace().orElseThrow(),
                secret -> References.owner(secret).filter(cluster::equals).isPresent());
    }

    /** The poolers of a PoolerCluster that have a Deployment. */
    Stream<PoolerId> poolersWithPods(ResourceID cluster) {
        return owned(Deployment.class)
                .list(cluster.getNamespace().orElseThrow(), object -> References.owner(object)
                        .filter(cluster::equals)
                        .isPresent())
                .flatMap(object -> References.pooler(object).stream());
    }

    /** Tenants that are being deleted and wait for their clients. */
    List<Tenant> draining() {
        return tenants.byIndex(DRAINING, DRAINING);
    }

    InformerEventSource<Secret, PoolerCluster> poolerSecrets() {
        return poolerSecrets;
    }

    InformerEventSource<Secret, PoolerCluster> credentials() {
        return credentials;
    }

    Map<String, Map<String, String>> namespaceLabels() {
        return namespaces
                .list(namespace -> true)
                .collect(Collectors.toMap(
                        namespace -> namespace.getMetadata().getName(),
                        namespace -> Objects.requireNonNullElse(
                                namespace.getMetadata().getLabels(), Map.of())));
    }

    /** The labels of a namespace; empty when it is not known. */
    Optional<Map<String, String>> namespaceLabels(String namespace) {
        return namespaces
                .get(new ResourceID(namespace))
                .map(known -> Objects.requireNonNullElse(known.getMetadata().getLabels(), Map.of()));
    }

    Set<Class<?>> ownedKinds() {
        return owned.keySet();
    }

    @SuppressWarnings("unchecked") // put() above pairs each class with a source of it
    <R extends HasMetadata> InformerEventSource<R, PoolerCluster> owned(Class<R> type) {
        return (InformerEventSource<R, PoolerCluster>) Objects.requireNonNull(owned.get(type));
    }

    /** A Tenant that names another PoolerCluster now is news to the one that it named before, too. */
    private boolean isNews(Tenant newer, Tenant older) {
        var before = References.poolerCluster(older);
        if (!before.equals(References.poolerCluster(newer))) {
            before.ifPresent(signals::poolerClusterChanged);
        }
        return !Objects.equals(
                        newer.getMetadata().getGeneration(), older.getMetadata().getGeneration())
                || newer.getMetadata().getDeletionTimestamp() != null;
    }

    private Set<ResourceID> usersOf(Secret secret) {
        return tenants.byIndex(BY_CREDENTIALS, References.key(ResourceID.fromResource(secret))).stream()
                .flatMap(tenant -> References.poolerCluster(tenant).stream())
                .collect(Collectors.toSet());
    }

    private Set<ResourceID> clustersIn(Namespace namespace) {
        return tenants.list(namespace.getMetadata().getName(), tenant -> true)
                .flatMap(tenant -> References.poolerCluster(tenant).stream())
                .collect(Collectors.toSet());
    }
}
