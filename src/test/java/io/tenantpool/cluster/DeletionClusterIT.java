package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeletionClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void deletingATenantRevokesItOnEveryPodAndHarmsNobodyElse() throws SQLException {
        TestTenant victim = POOLER.tenants().ready("leaver");
        TestTenant neighbour = POOLER.tenants().ready("neighbour");
        List<Connection> victims = connections(victim);
        List<Connection> neighbours = connections(neighbour);

        POOLER.tenants().delete(victim);

        await("no pod lets the deleted tenant in").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        POOLER.podAddresses())
                .isNotEmpty()
                .allSatisfy(pod -> assertThat(
                                PoolerLogin.of(pod, PoolerFixture.PORT, victim).refusal())
                        .isPresent()));
        await("its clients are dropped").atMost(PATIENCE).untilAsserted(() -> assertThat(victims)
                .noneMatch(DeletionClusterIT::answers));
        await("its binding is gone").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        POOLER.tenants().secretsOfTheOperator())
                .noneMatch(secret -> secret.getMetadata().getName().contains("leaver")));
        assertThat(neighbours).allMatch(DeletionClusterIT::answers);
        assertThat(POOLER.refusals(neighbour)).isEmpty();
        for (Connection connection : neighbours) {
            connection.close();
        }
    }

    @Test
    void aTenantThatComesBackIsLetInAgain() {
        TestTenant tenant = POOLER.tenants().ready("returner");
        POOLER.tenants().delete(tenant);
        await("the Tenant is gone")
                .atMost(PATIENCE)
                .until(() -> POOLER.tenants().tenants().withName(tenant.name()).get() == null);

        POOLER.tenants().apply(tenant);
        POOLER.tenants().awaitReady(List.of(tenant));

        assertThat(POOLER.refusals(tenant)).isEmpty();
    }

    @Test
    void aVanishedCredentialsSecretKeepsTheTenantServing() {
        TestTenant tenant = POOLER.tenants().ready("secretless");

        POOLER.client()
                .secrets()
                .inNamespace(POOLER.tenants().name())
                .withName(tenant.credentialsSecret())
                .delete();
        // Two more revisions, the second by an operator that never saw the Secret.
        POOLER.tenants().ready("next");
        assertThat(POOLER.refusals(tenant)).isEmpty();
        POOLER.cluster().restartOperator();
        POOLER.tenants().ready("next-after-restart");

        assertThat(POOLER.refusals(tenant)).isEmpty();
        assertThat(POOLER.tenants().binding(tenant)).isPresent();
    }

    private static List<Connection> connections(TestTenant tenant) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (String pod : POOLER.podAddresses()) {
            connections.add(PoolerLogin.of(pod, PoolerFixture.PORT, tenant).open());
        }
        assertThat(connections).allMatch(DeletionClusterIT::answers);
        return connections;
    }

    private static boolean answers(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }
}
