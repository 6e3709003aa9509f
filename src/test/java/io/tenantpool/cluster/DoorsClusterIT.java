package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tenantpool.testing.ConnectionSampler;
import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two doors of story 3, as manifests/samples/two-doors.yaml has them. */
class DoorsClusterIT {
    private static final int CLIENTS = 1000;
    private static final int SERVER_CONNECTIONS = 26; // 25 on two pods
    private static final int SESSIONS = 10;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static PoolerStage stage;
    private static TestTenant tenant;

    @BeforeAll
    static void applyTheSample() {
        stage = STAGES.empty("doors");
        tenant = new TestTenant(
                stage.tenants().name(), "streaming", "app_tenant_streaming", "app_streaming", "change-me-streaming");
        STAGES.cluster().postgres().createDatabaseAndRole(tenant);
        stage.create(PoolerStages.sample("two-doors.yaml"));
        stage.tenants().awaitReady(List.of(tenant));
        stage.door("transaction").awaitPods(2);
        stage.door("session").awaitPods(2);
    }

    @Test
    void theBindingHasTheAddressOfEachDoorAndBothLetIn() {
        Map<String, String> binding = stage.tenants().binding(tenant).orElseThrow();

        assertThat(PoolerLogin.of(binding.getOrDefault("transaction-uri", "")).port())
                .isEqualTo(6432);
        assertThat(PoolerLogin.of(binding.getOrDefault("session-uri", "")).port())
                .isEqualTo(6433);
        assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
        assertThat(stage.door("session").refusals(tenant)).isEmpty();
    }

    @Test
    void bothDoorsAreInOneBudget() {
        await("the budget is written").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(stage.budget())
                .containsEntry("max", 100)
                .containsEntry("reserved", 5)
                .containsEntry("committed", 13 * 4 + 10 * 4)
                .containsEntry("available", 3));
        assertThat(stage.condition("WithinBudget").status()).isEqualTo("True");
    }

    @Test
    void aThousandClientsShareTwentySixConnectionsWhileALongJobKeepsItsSession() throws Exception {
        PoolerLogin session = stage.door("session").login(tenant);
        try (ConnectionSampler sampler = ConnectionSampler.start(
                        STAGES.cluster().postgres(), stage.door("transaction").addresses());
                PooledClients clients =
                        PooledClients.start(stage.door("transaction").login(tenant), CLIENTS)) {
            await("every client has had its turn")
                    .atMost(PoolerStage.PATIENCE)
                    .until(() -> clients.transactions() >= CLIENTS
                            || !clients.refused().isEmpty());
            int before = clients.transactions();

            CompletableFuture<String> job = CompletableFuture.supplyAsync(() -> longJob(session));
            JsonNode doors = stage.health().get("doors");

            assertThat(job.get(2, TimeUnit.MINUTES)).isEqualTo("tenant-42");
            assertThat(clients.transactions()).isGreaterThan(before);
            clients.close();
            System.out.printf(
                    "%d clients: %d transactions, %d server connections at most; doors: %s%n",
                    CLIENTS, clients.transactions(), sampler.peak(), doors);
            assertThat(clients.refused()).isEmpty();
            assertThat(clients.cutInside()).isEmpty();
            assertThat(clients.closedBetween()).isZero();
            assertThat(sampler.peak()).isBetween(1, SERVER_CONNECTIONS);
            assertThat(doors.at("/transaction/size").intValue()).isEqualTo(SERVER_CONNECTIONS);
            assertThat(doors.at("/transaction/utilization").doubleValue()).isGreaterThan(0);
            assertThat(doors.at("/session/size").intValue()).isEqualTo(2 * SESSIONS);
            assertThat(doors.at("/session/waiting").intValue()).isZero();
        }
    }

    @Test
    void tenSessionWorkersOnASessionDoorOfTenNeverWait() throws SQLException {
        List<Connection> workers = new ArrayList<>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                Connection worker = stage.door("session").login(tenant).open();
                workers.add(worker);
                assertThat(question(worker, "SELECT 1")).isEqualTo("1");
            }
            await("the operator sees all of them and nobody who waits")
                    .atMost(PoolerStage.PATIENCE)
                    .untilAsserted(() -> {
                        JsonNode door = stage.health().at("/doors/session");
                        assertThat(door.get("checkedOut").intValue()).isEqualTo(SESSIONS);
                        assertThat(door.get("waiting").intValue()).isZero();
                    });
            for (Connection worker : workers) {
                assertThat(question(worker, "SELECT 2")).isEqualTo("2");
            }
        } finally {
            for (Connection worker : workers) {
                worker.close();
            }
        }
    }

    /** Row-level security by a setting of the session, and a transaction of 20 s. */
    private static String longJob(PoolerLogin login) {
        try (Connection connection = login.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET app.tenant_id = 'tenant-42'");
            String backend = question(connection, "SELECT pg_backend_pid()");
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_sleep(10)");
            statement.execute("SELECT pg_sleep(10)");
            connection.commit();
            assertThat(question(connection, "SELECT pg_backend_pid()")).isEqualTo(backend);
            return question(connection, "SELECT current_setting('app.tenant_id')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String question(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
