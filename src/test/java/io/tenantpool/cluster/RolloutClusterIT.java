package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RolloutClusterIT {
    private static final int ROLLOUTS = 10;
    private static final int PODS = 2;
    private static final int CLIENTS = 10;
    private static final String ANNOTATION = "example.com/rollout";

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(PODS);

    @Test
    void tenRolloutsUnderPooledClientsThatNeverLeaveCutNoTransaction() {
        TestTenant tenant = POOLER.tenants().ready("pooled");

        try (PooledClients clients =
                PooledClients.start(PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, tenant), CLIENTS)) {
            for (int i = 1; i <= ROLLOUTS; i++) {
                rollOut(Integer.toString(i));
            }
            clients.close();
            System.out.printf(
                    "%d rollouts: %d transactions, %d cut, %d connections closed between transactions%n",
                    ROLLOUTS, clients.transactions(), clients.cutInside().size(), clients.closedBetween());
            assertThat(clients.cutInside()).isEmpty();
            assertThat(clients.refused()).isEmpty();
            // Otherwise no client was ever in the way of a rollout.
            assertThat(clients.closedBetween()).isGreaterThanOrEqualTo(CLIENTS);
        }
        assertThat(POOLER.refusals(tenant)).isEmpty();
        assertThat(POOLER.tenants().condition(tenant.name(), "Ready").status()).isEqualTo("True");
    }

    private static void rollOut(String number) {
        POOLER.patch("{\"spec\":{\"pod\":{\"annotations\":{\"" + ANNOTATION + "\":\"" + number + "\"}}}}");
        await("rollout " + number)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    List<Pod> pods = POOLER.pods();
                    return pods.size() == PODS
                            && pods.stream()
                                    .allMatch(pod ->
                                            number.equals(annotations(pod).get(ANNOTATION)))
                            && POOLER.addressesInTraffic().size() == PODS;
                });
    }

    private static Map<String, String> annotations(Pod pod) {
        return pod.getMetadata().getAnnotations() == null
                ? Map.of()
                : pod.getMetadata().getAnnotations();
    }
}
