package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.tenantpool.testing.PoolerFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Needs no metrics: an autoscaler raises the number of pods to its least one without any. */
class AutoscalerClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ANNOTATION = "example.com/rollout";

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void anAutoscalerTakesTheNumberOfPodsOverAndGivesItBackAndNoPodIsLostOnTheWay() {
        ReplicaLog seen = new ReplicaLog();
        try (Watch watch = POOLER.client()
                .apps()
                .deployments()
                .inNamespace(POOLER.namespace())
                .watch(seen)) {
            listenerWith("\"autoscaling\":{\"minReplicas\":3,\"maxReplicas\":3}");
            POOLER.awaitPods(3);
            await("the autoscaler alone names the number")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(ownersOfReplicas()).isNotEmpty().doesNotContain("tenantpool"));

            rollOut();
            assertThat(ownersOfReplicas()).doesNotContain("tenantpool");

            listenerWith("\"replicas\":3");
            await("the number is fixed again").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(ownersOfReplicas()).contains("tenantpool");
                assertThat(autoscalers()).isEmpty();
            });
            POOLER.awaitPods(3);
        }
        assertThat(seen.replicas).containsOnly(2, 3).isSorted();
    }

    private static void listenerWith(String pods) {
        POOLER.patch("{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"port\":6432,"
                + "\"terminationGracePeriodSeconds\":10," + pods + "}]}}");
    }

    private static void rollOut() {
        POOLER.patch("{\"spec\":{\"pod\":{\"annotations\":{\"" + ANNOTATION + "\":\"1\"}}}}");
        await("every pod is new")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> POOLER.pods().size() == 3
                        && POOLER.pods().stream()
                                .allMatch(pod ->
                                        pod.getMetadata().getAnnotations().containsKey(ANNOTATION)));
    }

    private static List<String> ownersOfReplicas() {
        return POOLER.deployment().orElseThrow().getMetadata().getManagedFields().stream()
                .filter(entry -> entry.getFieldsV1().getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
                        && spec.containsKey("f:replicas"))
                .map(entry -> entry.getManager())
                .toList();
    }

    private static List<?> autoscalers() {
        return POOLER.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(POOLER.namespace())
                .list()
                .getItems();
    }

    /** Every number of pods that the only Deployment was ever told to have. */
    private static final class ReplicaLog implements Watcher<Deployment> {
        private final List<Integer> replicas = new CopyOnWriteArrayList<>();

        @Override
        public void eventReceived(Action action, Deployment deployment) {
            replicas.add(deployment.getSpec().getReplicas());
        }

        @Override
        public void onClose(WatcherException cause) {
            // Without events the test fails by itself.
        }
    }
}
