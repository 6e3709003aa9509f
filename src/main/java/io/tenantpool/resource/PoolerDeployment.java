package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.engine.PodShape;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How many pooler pods there are and how they are replaced. */
public final class PoolerDeployment {
    private PoolerDeployment() {}

    /**
     * @param settings name of the ConfigMap
     * @param image the pooler image
     * @param keys a digest of the console's password: when it was lost with its Secret, nobody can tell the running pods
     *     to read the new one, so they are replaced
     */
    public static Deployment desired(
            PoolerId id,
            ListenerModel listener,
            PodShape shape,
            String settings,
            String image,
            String keys,
            PoolerCluster owner) {
        var template = PoolerPodTemplate.of(
                id, listener, shape, settings, image, keys, owner.getSpec().pod());
        var meta = PoolerMeta.of(id, Names.pooler(id), owner);
        meta.setAnnotations(Map.of(Labels.TEMPLATE, TemplateDigest.of(template)));
        return new DeploymentBuilder()
                .withMetadata(meta)
                .withNewSpec()
                .withReplicas(listener.replicas())
                // At least the grace: a Deployment does not count terminating pods, so that two quick rollouts
                // would hold three sets of server connections.
                .withMinReadySeconds(listener.terminationGracePeriodSeconds())
                // Must be longer than minReadySeconds, which counts as no progress.
                .withProgressDeadlineSeconds(listener.terminationGracePeriodSeconds() + 600)
                .withRevisionHistoryLimit(2)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(1))
                .withMaxUnavailable(new IntOrString(0))
                .endRollingUpdate()
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(Labels.selector(id))
                .endSelector()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    /**
     * The same with pods that were made after a time, so that those of an earlier one are replaced.
     *
     * @param at in seconds since 1970; 0 for whatever time
     */
    public static Deployment madeAfter(long at, Deployment deployment) {
        if (at == 0) {
            return deployment;
        }
        var template = new PodTemplateSpecBuilder(deployment.getSpec().getTemplate())
                .editMetadata()
                .addToAnnotations(Labels.FORGOTTEN, Instant.ofEpochSecond(at).toString())
                .endMetadata()
                .build();
        return new DeploymentBuilder(deployment)
                .editMetadata()
                .addToAnnotations(Labels.TEMPLATE, TemplateDigest.of(template))
                .endMetadata()
                .editSpec()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    /** The digest of the pod template that was applied last, or empty when it was not by us. */
    public static Optional<String> templateOf(Deployment deployment) {
        return Optional.ofNullable(deployment.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Labels.TEMPLATE));
    }

    /** What is on the server, with the number of pods of {@code desired} and nothing else of it. */
    public static Deployment withoutRollout(Deployment live, Deployment desired) {
        var meta = new ObjectMetaBuilder(desired.getMetadata())
                .withAnnotations(templateOf(live)
                        .map(digest -> Map.of(Labels.TEMPLATE, digest))
                        .orElse(Map.of()))
                .build();
        return new DeploymentBuilder()
                .withMetadata(meta)
                .withSpec(live.getSpec())
                .editSpec()
                .withReplicas(desired.getSpec().getReplicas())
                .endSpec()
                .build();
    }

    /** The ConfigMaps with settings that the pods of a Deployment mount. */
    public static Set<String> settingsOf(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .map(volume -> volume.getConfigMap().getName())
                .collect(Collectors.toSet());
    }
}
