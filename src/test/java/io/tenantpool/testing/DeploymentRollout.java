package io.tenantpool.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The Deployment controller, as far as poolers need it: the right number of pods, one surge, none unavailable. */
final class DeploymentRollout {
    private static final String HASH_LABEL = "pod-template-hash";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    /** Whom a ReplicaSet gives up first: pods that are not ready, then the cheapest, then the youngest. */
    private static final Comparator<Pod> DELETED_FIRST = Comparator.<Pod, Boolean>comparing(
                    pod -> readySince(pod).isPresent())
            .thenComparing(DeploymentRollout::deletionCost)
            .thenComparing(pod -> readySince(pod).orElse(Instant.MAX), Comparator.reverseOrder())
            .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder());

    private final ApiServerDouble api;
    private final Map<String, ObjectNode> reported = new HashMap<>();

    DeploymentRollout(ApiServerDouble api) {
        this.api = api;
    }

    /** One step towards what the Deployment wants. */
    void tick(Deployment deployment, List<Pod> pods, Instant now) {
        if (deployment.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        String hash = hash(deployment);
        List<Pod> live = pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getMetadata().getOwnerReferences().stream().anyMatch(owner -> owner.getUid()
                        .equals(deployment.getMetadata().getUid())))
                .toList();
        List<Pod> current = live.stream()
                .filter(pod -> hash.equals(pod.getMetadata().getLabels().get(HASH_LABEL)))
                .toList();
        List<Pod> old = live.stream().filter(pod -> !current.contains(pod)).toList();
        int wanted = replicas(deployment);
        int surge = old.isEmpty() ? 0 : 1;
        for (int i = 0; i < wanted - current.size() && live.size() + i < wanted + surge; i++) {
            create(deployment, hash);
        }
        removeSurplus(deployment, current, old, now);
        report(deployment, live, current, now);
    }

    private void removeSurplus(Deployment deployment, List<Pod> current, List<Pod> old, Instant now) {
        int wanted = replicas(deployment);
        if (current.size() > wanted) {
            current.stream()
                    .sorted(DELETED_FIRST)
                    .limit(current.size() - wanted)
                    .forEach(this::delete);
        }
        long available = current.stream()
                        .filter(pod -> isAvailable(deployment, pod, now))
                        .count()
                + old.stream().filter(pod -> isAvailable(deployment, pod, now)).count();
        for (Pod pod : old.stream().sorted(DELETED_FIRST).toList()) {
            boolean serves = isAvailable(deployment, pod, now);
            if (!serves || available > wanted) {
                delete(pod);
                available -= serves ? 1 : 0;
            }
        }
    }

    private void create(Deployment deployment, String hash) {
        var template = deployment.getSpec().getTemplate();
        Map<String, String> labels = new HashMap<>(template.getMetadata().getLabels());
        labels.put(HASH_LABEL, hash);
        String suffix = UUID.randomUUID().toString().substring(0, 5);
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(deployment.getMetadata().getName() + "-" + hash + "-" + suffix)
                .withNamespace(deployment.getMetadata().getNamespace())
                .withLabels(labels)
                .withAnnotations(template.getMetadata().getAnnotations())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("apps/v1")
                        .withKind("Deployment")
                        .withName(deployment.getMetadata().getName())
                        .withUid(deployment.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withSpec(template.getSpec())
                .editSpec()
                .withNodeName(LocalNode.NAME)
                .endSpec()
                .build();
        api.client().resource(pod).create();
    }

    private void delete(Pod pod) {
        api.client().resource(pod).delete();
    }

    private void report(Deployment deployment, List<Pod> live, List<Pod> current, Instant now) {
        long ready = live.stream().filter(pod -> readySince(pod).isPresent()).count();
        long available =
                live.stream().filter(pod -> isAvailable(deployment, pod, now)).count();
        ObjectNode status = JsonNodeFactory.instance
                .objectNode()
                .put("observedGeneration", deployment.getMetadata().getGeneration())
                .put("replicas", live.size())
                .put("updatedReplicas", current.size())
                .put("readyReplicas", ready)
                .put("availableReplicas", available)
                .put("unavailableReplicas", Math.max(0, replicas(deployment) - available));
        String key = deployment.getMetadata().getUid();
        if (status.equals(reported.get(key))) {
            return;
        }
        reported.put(key, status);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.set("status", status);
        api.client()
                .apps()
                .deployments()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }

    private static boolean isAvailable(Deployment deployment, Pod pod, Instant now) {
        int minReady =
                Optional.ofNullable(deployment.getSpec().getMinReadySeconds()).orElse(0);
        return readySince(pod)
                .filter(since -> !now.isBefore(since.plusSeconds(minReady)))
                .isPresent();
    }

    private static Optional<Instant> readySince(Pod pod) {
        return LocalNode.condition(pod, "Ready")
                .filter(condition -> "True".equals(condition.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .map(Instant::parse);
    }

    private static int deletionCost(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(DELETION_COST))
                .map(Integer::parseInt)
                .orElse(0);
    }

    private static int replicas(Deployment deployment) {
        return Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(1);
    }

    private static String hash(Deployment deployment) {
        String template = Json.KUBERNETES.asJson(deployment.getSpec().getTemplate());
        return UUID.nameUUIDFromBytes(template.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
    }
}
