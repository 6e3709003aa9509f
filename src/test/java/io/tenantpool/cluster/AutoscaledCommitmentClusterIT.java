package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.CommitmentWatch;
import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerScale;
import io.tenantpool.testing.TestTenant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A door whose number of pods a real autoscaler chooses. */
class AutoscaledCommitmentClusterIT {
    private static final int LEAST = 2;
    private static final int MOST = 6;
    private static final int SHARE = 4;
    private static final int PODS_AT_MOST = MOST + 2;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** With so small a request the load of a test is much for two pods at a target of 10 % and little at 100 %. */
    @RegisterExtension
    static final PoolerFixture POOLER =
            PoolerFixture.withReplicas(LEAST).alsoWith("pod: {resources: {requests: {cpu: 50m, memory: 64Mi}}}");

    private static final PoolerScale SCALE = PoolerScale.of(POOLER);

    @BeforeEach
    void fixTheNumberOfPods() {
        SCALE.fix(LEAST);
        POOLER.awaitPods(LEAST);
    }

    /**
     * Up, the autoscaler goes by itself, by the CPU that the load uses. Down, it would wait five minutes after its last
     * wish for more: meanwhile the target is raised, so that it wants no more pods, and the test writes the numbers that
     * it would, one pod per grace. {@link AutoscalerDescentBenchmark} waits.
     */
    @Test
    void fromTwoPodsToSixAndBackUnderLoadNoMoreConnectionsAreOpenThanArePromised() throws SQLException {
        TestTenant tenant = POOLER.tenants().ready("scaled", SHARE * LEAST);
        SCALE.autoscale(LEAST, MOST, 100);
        await("six pods and two are promised")
                .atMost(PATIENCE)
                .until(() -> CommitmentWatch.committed(POOLER.poolerCluster().require()) == SHARE * PODS_AT_MOST);

        try (CommitmentWatch watch = CommitmentWatch.start(POOLER);
                PooledClients clients = PooledClients.start(login(tenant), 24)) {
            Throughput before = Throughput.of(clients);
            SCALE.autoscale(LEAST, MOST, 10);
            POOLER.awaitPods(MOST);
            Throughput after = Throughput.of(clients);
            try (PooledClients newcomers = PooledClients.startRestless(login(tenant), 24)) {
                await("connections of pods that were added")
                        .atMost(PATIENCE)
                        .until(() -> watch.peak() > SHARE * (MOST - 1));
                SCALE.autoscale(LEAST, MOST, 100);
                for (int pods = MOST - 1; pods >= LEAST; pods--) {
                    SCALE.choose(pods);
                    awaitEnds(pods);
                }
                newcomers.close();
                assertNoneFailed(newcomers);
            }
            clients.close();

            System.out.printf(
                    "2 -> 6 -> 2 pods: at most %d connections in %d looks, %d promised; %s with 2 pods, %s with 6: %.0f %%%n",
                    watch.peak(),
                    watch.samples().size(),
                    SHARE * PODS_AT_MOST,
                    before,
                    after,
                    100 * after.ratioTo(before));
            assertThat(watch.excesses()).isEmpty();
            assertThat(after.ratioTo(before)).isGreaterThan(0.9);
            assertNoneFailed(clients);
        }
    }

    private static PoolerLogin login(TestTenant tenant) {
        return PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, tenant);
    }

    private static void awaitEnds(int pods) {
        await("the pod that was taken away has ended").atMost(PATIENCE).until(() -> {
            List<Pod> all = POOLER.client()
                    .pods()
                    .inNamespace(POOLER.namespace())
                    .list()
                    .getItems();
            return all.size() == pods && POOLER.pods().size() == pods;
        });
    }

    private static void assertNoneFailed(PooledClients clients) {
        assertThat(clients.cutInside()).isEmpty();
        assertThat(clients.refused()).isEmpty();
    }
}
