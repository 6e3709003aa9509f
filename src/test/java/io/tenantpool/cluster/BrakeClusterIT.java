package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.ClusterPostgres;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrakeClusterIT {
    private static final int MAX = 20;
    private static final int BUSY = 18; // 90 % of 20

    private static final String OVERCOMMITTED = """
              listeners: [{name: transaction, port: 6432, replicas: 1, defaultPoolSize: 18}]
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void idleConnectionsAreLetGoQuicklyWhenAnOvercommittedServerIsNearlyFull() throws SQLException {
        PoolerStage stage = STAGES.with("{max: 20, overcommitPercent: 1000}", OVERCOMMITTED);
        TestTenant tenant = stage.ready("hungry");
        List<String> pods = stage.door("transaction").addresses();
        assertThat(stage.condition("Braking").status()).isEmpty();

        try (Connection superuser = STAGES.cluster().postgres().superuser("postgres")) {
            // Idle from here on, and kept by the pooler for a minute if nothing happens.
            leaveIdleConnections(stage, tenant);
            assertThat(ClusterPostgres.connectionsFrom(superuser, pods)).isGreaterThanOrEqualTo(BUSY);

            await("Braking").atMost(PoolerStage.PATIENCE).untilAsserted(() -> {
                assertThat(stage.condition("Braking").status()).isEqualTo("True");
                assertThat(stage.condition("Braking").reason()).isEqualTo("NearlyFull");
                assertThat(stage.metric("tenantpool_brake_on", "upstream=\"default\""))
                        .isEqualTo(1);
            });
            assertThat(stage.door("transaction").renderedLinesWith("server_idle_timeout"))
                    .containsExactly("server_idle_timeout = 5");
            await("the idle connections are gone").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                            ClusterPostgres.connectionsFrom(superuser, pods))
                    .isLessThan(MAX / 4));
            assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
        }
    }

    private static void leaveIdleConnections(PoolerStage stage, TestTenant tenant) throws SQLException {
        List<Connection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < BUSY; i++) {
                Connection client = stage.door("transaction").login(tenant).open();
                clients.add(client);
                client.setAutoCommit(false);
                try (Statement statement = client.createStatement()) {
                    statement.execute("SELECT 1");
                }
            }
            for (Connection client : clients) {
                client.commit();
            }
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
    }
}
