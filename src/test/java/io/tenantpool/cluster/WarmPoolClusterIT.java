package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.ClusterPostgres;
import io.tenantpool.testing.PoolerDoor;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One tenant with {@code minIdle: 4} on two pods: two connections each, and never a client. */
class WarmPoolClusterIT {
    private static final int PODS = 2;
    private static final int PER_POD = 2;
    private static final Duration WARM_FOR = Duration.ofSeconds(3);

    private static final String TWO_PODS = """
              listeners: [{name: transaction, port: 6432, replicas: 2, defaultPoolSize: 8}]
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static PoolerStage stage;
    private static PoolerDoor door;
    private static TestTenant tenant;

    @BeforeAll
    static void askForAWarmPool() {
        stage = STAGES.with("{max: 100}", TWO_PODS);
        door = stage.door("transaction");
        tenant = stage.ready("warm", "listeners: [{name: transaction, minIdle: 4}]");
    }

    @Test
    void connectionsAreThereBeforeAnyClientComes() throws SQLException {
        expectWarmPods();
    }

    @Test
    void aPodThatReplacesAKilledOneIsWarmedToo() throws SQLException {
        List<String> before = killOnePod();

        expectWarmPods();
        assertThat(door.addresses()).isNotEqualTo(before);
    }

    @Test
    void poolsAreWarmedWithTheNewPasswordAfterARotation() throws SQLException {
        TestTenant rotated = tenant.withPassword("another-one");
        STAGES.cluster().postgres().changePassword(rotated.role(), rotated.password());
        stage.tenants().changeCredentials(rotated);
        await("the new password is proven").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.tenants().binding(rotated).orElse(Map.of()))
                .containsEntry("password", rotated.password()));

        expectWarmPods();
        killOnePod();
        expectWarmPods();
    }

    private static List<String> killOnePod() {
        List<String> before = door.addresses();
        stage.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName(door.pods().get(0).getMetadata().getName())
                .withGracePeriod(0)
                .delete();
        return before;
    }

    private static void expectWarmPods() throws SQLException {
        door.awaitPods(PODS);
        List<String> pods = door.addresses();
        assertThat(pods).hasSize(PODS);
        try (Connection superuser = STAGES.cluster().postgres().superuser("postgres")) {
            // What a proof leaves behind goes with the proof; what is warm stays.
            await("every pod holds " + PER_POD + " connections of its own accord")
                    .atMost(PoolerStage.PATIENCE)
                    .during(WARM_FOR)
                    .until(() -> areWarm(superuser, pods));
        }
    }

    private static boolean areWarm(Connection superuser, List<String> pods) throws SQLException {
        for (String pod : pods) {
            if (ClusterPostgres.connectionsFrom(superuser, List.of(pod)) < PER_POD) {
                return false;
            }
        }
        return true;
    }
}
