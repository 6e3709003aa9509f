package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.testing.ClusterPostgres;
import io.tenantpool.testing.PoolerDoor;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Doors that few need: for single statements, and to a read-only server. */
class OddDoorsClusterIT {
    private static final int CONNECTIONS_OF_THE_REPLICA = 50;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static PoolerStage stage;
    private static ClusterPostgres replica;
    private static TestTenant tenant;

    @BeforeAll
    static void openThem() {
        // Not a copy of the first server, so that what it says about itself tells the two apart.
        replica = STAGES.cluster().anotherPostgres(CONNECTIONS_OF_THE_REPLICA);
        stage = STAGES.empty("main");
        stage.create(MANIFEST.replace("replica.db.svc", replica.host()));
        tenant = stage.tenants().named("reader");
        stage.tenants().prepare(List.of(tenant));
        replica.createDatabaseAndRole(tenant);
        stage.tenants().apply(tenant);
        stage.tenants().awaitReady(List.of(tenant));
    }

    @AfterAll
    static void removeTheReplica() {
        if (replica != null) {
            STAGES.cluster().deleteNamespace(replica.namespace());
        }
    }

    @Test
    void aStatementDoorAnswersStatementsAndRefusesTransactions() throws SQLException {
        try (Connection connection = stage.door("statement").login(tenant).open();
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("SELECT 1")).isTrue();
            assertThatThrownBy(() -> statement.execute("BEGIN")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aReplicaDoorLeadsToTheReplicaAndTheOthersToThePrimary() throws SQLException {
        assertThat(maxConnections(stage.door("readonly"), tenant)).isEqualTo(CONNECTIONS_OF_THE_REPLICA);
        assertThat(maxConnections(stage.door("statement"), tenant)).isNotEqualTo(CONNECTIONS_OF_THE_REPLICA);
    }

    @Test
    void aTenantUsesOnlyTheDoorsThatItNames() throws SQLException {
        TestTenant choosy = stage.ready("choosy", "listeners: [{name: statement, poolSize: 2}]");

        assertThat(maxConnections(stage.door("statement"), choosy)).isPositive();
        assertThat(stage.door("readonly").login(choosy).refusal()).isPresent();
        assertThat(stage.tenants().binding(choosy).orElseThrow())
                .containsKey("statement-uri")
                .doesNotContainKey("readonly-uri");
    }

    private static int maxConnections(PoolerDoor door, TestTenant who) throws SQLException {
        try (Connection connection = door.login(who).open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT current_setting('max_connections')::int")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static final String MANIFEST = """
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static:
                  endpoints:
                  - {host: postgres.db.svc.cluster.local}
                  - {host: replica.db.svc, role: Replica}
                tls: {mode: Disable}
                connections: {max: 40}
              listeners:
              - {name: statement, poolMode: Statement, port: 6432, replicas: 1, defaultPoolSize: 2}
              - {name: readonly, port: 6434, target: Replica, replicas: 1, defaultPoolSize: 2}
              allowedTenants: {namespaces: {from: All}}
              pod: {resources: {requests: {cpu: 20m, memory: 64Mi}}}
            """;
}
