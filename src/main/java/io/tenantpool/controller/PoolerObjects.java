package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Finding;
import io.tenantpool.model.Hmac;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.PoolerAutoscaler;
import io.tenantpool.resource.PoolerConfigMap;
import io.tenantpool.resource.PoolerDeployment;
import io.tenantpool.resource.PoolerDisruptionBudget;
import io.tenantpool.resource.PoolerNetworkPolicy;
import io.tenantpool.resource.PoolerService;
import io.tenantpool.resource.PoolerServiceAccount;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The objects of each pooler beside its Secret. */
public final class PoolerObjects {
    private final Engine engine;
    private final Optional<String> defaultImage;
    private final Meters meters;
    private final Optional<String> operatorNamespace;
    private final Predicate<PoolerId> hasTerminatingPods;

    /**
     * @param operatorNamespace where the operator's pods run; empty when it runs in no pod
     * @param hasTerminatingPods whether pods of a pooler are about to end, and still may have clients
     */
    public PoolerObjects(
            Engine engine,
            Optional<String> defaultImage,
            Meters meters,
            Optional<String> operatorNamespace,
            Predicate<PoolerId> hasTerminatingPods) {
        this.operatorNamespace = operatorNamespace;
        this.hasTerminatingPods = hasTerminatingPods;
        this.engine = engine;
        this.defaultImage = defaultImage;
        this.meters = meters;
    }

    Meters meters() {
        return meters;
    }

    private Optional<String> image(PoolerCluster cluster) {
        return Optional.ofNullable(cluster.getSpec().image()).or(() -> defaultImage);
    }

    /** What to say of a PoolerCluster whose pods have no image. */
    Optional<Finding> missingImage(PoolerCluster cluster) {
        return image(cluster).isPresent()
                ? Optional.empty()
                : Optional.of(Finding.keeping(
                        Reason.Invalid,
                        "spec.image: name an image with PgBouncer 1.26.1 or newer, or give the operator a default in"
                                + " tenantpool.pooler.image"));
    }

    /**
     * A pooler in whose way an object of somebody else stands gets no Deployment: its pods would run with that one's
     * content or account.
     *
     * @return whether something was held back, so that it has to be looked at again soon
     */
    boolean apply(
            PoolerCluster cluster,
            ClusterModel model,
            PoolerContent content,
            Applier applier,
            Conflicts conflicts,
            KubernetesClient client) {
        var id = content.id();
        var listener = content.listener();
        if (PoolerNetworkPolicy.isWanted(cluster)) {
            // Before the pods, which are to run in no network without it.
            applier.apply(
                    id, NetworkPolicy.class, PoolerNetworkPolicy.desired(content, model, cluster, operatorNamespace));
        } else {
            applier.remove(id, NetworkPolicy.class, new ResourceID(Names.pooler(id), id.namespace()));
        }
        applier.apply(id, ServiceAccount.class, PoolerServiceAccount.desired(id, cluster));
        applier.apply(id, PodDisruptionBudget.class, PoolerDisruptionBudget.desired(id, cluster));
        applier.apply(id, Service.class, PoolerService.desired(id, listener, cluster));
        if (conflicts.has(id)) {
            return false;
        }
        if (!listener.isAutoscaled()) {
            // Before we name the number of pods again, or two of us would.
            applier.remove(id, HorizontalPodAutoscaler.class, new ResourceID(Names.pooler(id), id.namespace()));
        }
        var image = image(cluster);
        var heldBack = image.isPresent() && !deploy(cluster, content, image.get(), applier, conflicts, client);
        if (listener.isAutoscaled()) {
            applier.apply(id, HorizontalPodAutoscaler.class, PoolerAutoscaler.desired(id, listener, cluster));
        }
        return heldBack;
    }

    /** @return whether the Deployment is what it should be now */
    private boolean deploy(
            PoolerCluster cluster,
            PoolerContent content,
            String image,
            Applier applier,
            Conflicts conflicts,
            KubernetesClient client) {
        var id = content.id();
        var listener = content.listener();
        var configMap = PoolerConfigMap.desired(id, engine.settings(listener), cluster);
        var desired = PoolerDeployment.madeAfter(
                content.forgetting().last(),
                PoolerDeployment.desired(
                        id,
                        listener,
                        engine.podShape(listener),
                        configMap.getMetadata().getName(),
                        image,
                        consoleKeys(content.keys()),
                        cluster));
        var known = applier.known(Deployment.class, ResourceID.fromResource(desired))
                .orElse(null);
        if (known != null && conflicts.isForeign(id, known)) {
            return true;
        }
        if (known != null && RolloutGate.holds(known, desired, hasTerminatingPods.test(id))) {
            // Settings that no pod mounts yet would be taken for old ones.
            if (!listener.isAutoscaled()
                    && !desired.getSpec().getReplicas().equals(known.getSpec().getReplicas())) {
                applier.apply(id, Deployment.class, PoolerDeployment.withoutRollout(known, desired));
            }
            return false;
        }
        if (!hasSettings(configMap, id, applier, conflicts)) {
            return true;
        }
        var ours = new ReplicasHandover(client, meters).ours(desired, known, listener.isAutoscaled());
        ours.ifPresent(deployment -> applier.apply(id, Deployment.class, deployment));
        return ours.isPresent();
    }

    /** Immutable and named by its content, so another content is somebody else's, whatever its labels say. */
    private static boolean hasSettings(ConfigMap desired, PoolerId id, Applier applier, Conflicts conflicts) {
        applier.applyOnce(id, ConfigMap.class, desired);
        applier.known(ConfigMap.class, ResourceID.fromResource(desired))
                .filter(found -> !desired.getData().equals(found.getData()))
                .ifPresent(found -> conflicts.add(id, found));
        return !conflicts.has(id);
    }

    /** The salt goes and comes with the keys as a whole; keys that follow others are taken without a new pod. */
    private static String consoleKeys(PoolerKeys keys) {
        return new Hmac(keys.salt()).of("console").substring(0, 16);
    }

    /** Deletes what is ours and not wanted any more; settings stay until no pod of an older template can need them. */
    List<PoolerId> prune(PoolerCluster cluster, Plan plan, PoolerSources sources, KubernetesClient client) {
        var wanted = new HashSet<String>();
        plan.poolers().forEach(content -> wanted.add(Names.pooler(content.id())));
        for (var type : Set.of(
                HorizontalPodAutoscaler.class,
                Deployment.class,
                Service.class,
                ServiceAccount.class,
                PodDisruptionBudget.class,
                NetworkPolicy.class)) {
            prune(cluster, sources.owned(type), wanted, client);
        }
        var settings = new HashSet<String>();
        var rolledOut = sources.owned(Deployment.class)
                .list(cluster.getMetadata().getNamespace(), d -> isOf(cluster, d))
                .peek(d -> settings.addAll(PoolerDeployment.settingsOf(d)))
                .allMatch(PoolerObjects::isRolledOut);
        if (rolledOut && !settings.isEmpty()) {
            prune(cluster, sources.owned(ConfigMap.class), settings, client);
        }
        return prune(cluster, sources.poolerSecrets(), wanted, client).stream()
                .flatMap(secret -> References.pooler(secret).stream())
                .toList();
    }

    private <R extends HasMetadata> List<R> prune(
            PoolerCluster cluster,
            InformerEventSource<R, PoolerCluster> source,
            Set<String> wanted,
            KubernetesClient client) {
        var unwanted = source.list(
                        cluster.getMetadata().getNamespace(),
                        object -> isOf(cluster, object)
                                && !wanted.contains(object.getMetadata().getName())
                                && object.getMetadata().getDeletionTimestamp() == null)
                .toList();
        unwanted.forEach(object -> {
            client.resource(object).delete();
            meters.objectWritten(object.getKind(), "delete");
        });
        return unwanted;
    }

    private static boolean isOf(PoolerCluster cluster, HasMetadata object) {
        return References.owner(object)
                        .filter(ResourceID.fromResource(cluster)::equals)
                        .isPresent()
                && Ownership.isOurs(object, cluster);
    }

    private static boolean isRolledOut(Deployment deployment) {
        var status = deployment.getStatus();
        return status != null
                && Objects.equals(
                        status.getObservedGeneration(), deployment.getMetadata().getGeneration())
                && Objects.equals(status.getUpdatedReplicas(), status.getReplicas())
                && Objects.equals(status.getReplicas(), deployment.getSpec().getReplicas());
    }
}
