package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.MisdirectedClient;
import io.tenantpool.testing.PeerIdLog;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerRollout;
import io.tenantpool.testing.TestTenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A request to cancel comes on a connection of its own, which a Service leads to any pod. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CancelClusterIT {
    private static final int CANCELS = 20;

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    private final List<TestTenant> tenants = new ArrayList<>();

    @BeforeAll
    void createTenant() {
        tenants.add(POOLER.tenants().ready("cancelling"));
    }

    @BeforeEach
    void haveTwoPods() {
        POOLER.scaleTo(2);
        POOLER.awaitPods(2);
    }

    @Test
    void twentyOfTwentyRequestsThatArriveAtTheWrongPodCancelTheirQuery() throws SQLException {
        try (PeerIdLog ids = PeerIdLog.of(POOLER)) {
            assertThat(failedCancels("two pods", () -> false)).isEmpty();
            assertThat(ids.faults()).isEmpty();
            assertThat(ids.pods()).isEqualTo(2);
        }
    }

    @Test
    void aRequestThatArrivesAtTheWrongPodCancelsItsQueryWhilePodsComeAndGo() throws SQLException {
        try (PeerIdLog ids = PeerIdLog.of(POOLER)) {
            POOLER.scaleTo(4);
            assertThat(failedCancels("2 -> 4 pods", () -> !rests(4))).isEmpty();
            POOLER.scaleTo(2);
            assertThat(failedCancels("4 -> 2 pods", () -> !rests(2))).isEmpty();
            assertThat(ids.faults()).isEmpty();
            assertThat(ids.pods()).isEqualTo(4);
        }
    }

    @Test
    void twentyOfTwentyRequestsCancelTheirQueryRightAfterARollout() throws SQLException {
        try (PeerIdLog ids = PeerIdLog.of(POOLER)) {
            PoolerRollout.begin(POOLER, "cancelling");
            PoolerRollout.await(POOLER, "cancelling", 2);
            assertThat(failedCancels("after a rollout", () -> !rests(2))).isEmpty();
            assertThat(ids.faults()).isEmpty();
            assertThat(ids.pods()).isGreaterThanOrEqualTo(4);
        }
    }

    /** Tries every way from one pod to another in turn, at least twenty times and as long as something goes on. */
    private List<String> failedCancels(String when, BooleanSupplier goesOn) throws SQLException {
        List<String> failed = new ArrayList<>();
        int tried = 0;
        try (MisdirectedClient client = MisdirectedClient.of(POOLER.cluster().postgres(), tenants.get(0))) {
            while (tried < CANCELS || goesOn.getAsBoolean()) {
                List<String> pods = POOLER.addressesInTraffic();
                String pod = pods.get(tried % pods.size());
                String other = pods.get((tried + 1 + tried / pods.size() % (pods.size() - 1)) % pods.size());
                tried++;
                client.cancel(pod, other).ifPresent(failed::add);
            }
        }
        System.out.printf("%s: %d of %d cancels arrived%n", when, tried - failed.size(), tried);
        return failed;
    }

    private static boolean rests(int pods) {
        return POOLER.addressesInTraffic().size() == pods
                && POOLER.client()
                                .pods()
                                .inNamespace(POOLER.namespace())
                                .list()
                                .getItems()
                                .size()
                        == pods;
    }
}
