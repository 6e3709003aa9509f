package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.testing.OperatorFootprint;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerScale;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three pods, of which the autoscaler needs two: after it has begun it keeps a number for five minutes. */
class HandoverClusterIT {
    private static final int PODS = 3;
    private static final String OPERATOR = "tenantpool";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration OBSERVED = Duration.ofSeconds(15);

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(PODS);

    private static final PoolerScale SCALE = PoolerScale.of(POOLER);

    @BeforeEach
    void fixTheNumberOfPods() {
        SCALE.fix(PODS);
        awaitFixed();
        POOLER.awaitPods(PODS);
    }

    @Test
    void noPodIsLostOrRestartedOnTheWayToAnAutoscalerAndBack() {
        List<String> before = lives();

        SCALE.autoscale(2, 4, 100);
        awaitAutoscaled();
        await("the pods stay").during(OBSERVED).atMost(PATIENCE).until(() -> lives().equals(before));
        SCALE.fix(PODS);
        awaitFixed();
        await("the pods stay").during(OBSERVED).atMost(PATIENCE).until(() -> lives().equals(before));

        assertThat(everyPod()).isEqualTo(PODS);
    }

    @Test
    void theSameManifestAppliedAgainChangesNoObjectAndLeavesTheAutoscalerItsNumber() {
        SCALE.autoscale(2, 4, 100);
        awaitAutoscaled();
        OperatorFootprint before = OperatorFootprint.atRest(POOLER);
        HorizontalPodAutoscaler autoscaler = withoutStatus();

        apply();
        applyAsKubectlDoes();
        OperatorFootprint after = OperatorFootprint.atRest(POOLER);

        assertThat(after.changesSince(before)).allMatch(change -> change.startsWith("PoolerCluster/"));
        assertThat(withoutStatus()).isEqualTo(autoscaler);
        assertThat(POOLER.deployment().orElseThrow().getSpec().getReplicas()).isEqualTo(PODS);
        assertThat(everyPod()).isEqualTo(PODS);
    }

    /** By server-side apply, as another owner of every field. */
    private static void apply() {
        GenericKubernetesResource live = POOLER.poolerCluster().require();
        GenericKubernetesResource manifest = new GenericKubernetesResourceBuilder()
                .withApiVersion(live.getApiVersion())
                .withKind(live.getKind())
                .withNewMetadata()
                .withNamespace(POOLER.namespace())
                .withName(live.getMetadata().getName())
                .endMetadata()
                .addToAdditionalProperties("spec", live.get("spec"))
                .build();
        POOLER.client()
                .resource(manifest)
                .fieldManager("a-gitops-controller")
                .forceConflicts()
                .serverSideApply();
    }

    /** By a patch that writes down in an annotation what was applied. */
    private static void applyAsKubectlDoes() {
        String spec = Serialization.asJson(POOLER.poolerCluster().require().<Object>get("spec"));
        POOLER.patch("{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":"
                + Serialization.asJson(spec) + "}},\"spec\":" + spec + "}");
    }

    /** Each pooler pod by its UID, with the number of times that it was started again. */
    private static List<String> lives() {
        return POOLER.pods().stream()
                .map(pod -> pod.getMetadata().getUid() + " restarted "
                        + pod.getStatus().getContainerStatuses().get(0).getRestartCount())
                .sorted()
                .toList();
    }

    /** Pods that leave included. */
    private static int everyPod() {
        return POOLER.client()
                .pods()
                .inNamespace(POOLER.namespace())
                .list()
                .getItems()
                .size();
    }

    private static void awaitAutoscaled() {
        await("the autoscaler has looked at the pods and the number is not the operator's")
                .atMost(PATIENCE)
                .until(() -> !operatorOwnsTheNumber()
                        && SCALE.autoscaler()
                                .filter(found -> found.getStatus().getDesiredReplicas() == PODS)
                                .isPresent());
    }

    private static void awaitFixed() {
        await("the number is the operator's and there is no autoscaler")
                .atMost(PATIENCE)
                .until(() -> operatorOwnsTheNumber() && SCALE.autoscaler().isEmpty());
    }

    private static boolean operatorOwnsTheNumber() {
        return POOLER.deployment().orElseThrow().getMetadata().getManagedFields().stream()
                .filter(entry -> OPERATOR.equals(entry.getManager()))
                .map(entry -> entry.getFieldsV1().getAdditionalProperties().get("f:spec"))
                .anyMatch(spec -> spec instanceof Map<?, ?> fields && fields.containsKey("f:replicas"));
    }

    /** What the operator wrote and when: the autoscaler writes the rest every few seconds. */
    private static HorizontalPodAutoscaler withoutStatus() {
        return SCALE.autoscaler()
                .map(live -> new HorizontalPodAutoscalerBuilder(live)
                        .withStatus(null)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withManagedFields(live.getMetadata().getManagedFields().stream()
                                .filter(entry -> OPERATOR.equals(entry.getManager()))
                                .toList())
                        .endMetadata()
                        .build())
                .orElseThrow();
    }
}
