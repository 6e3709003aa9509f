package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DrainClusterIT {
    private static final String FINALIZER = "tenantpool.io/drain";
    private static final String AN_HOUR = "drainTimeoutSeconds: 3600";
    private static final Duration GOES_ON_FOR = Duration.ofSeconds(5);

    private static final String SESSION_DOOR = """
              listeners:
              - {name: session, poolMode: Session, port: 6433, replicas: 1, defaultPoolSize: 2}
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static PoolerStage stage;

    @BeforeAll
    static void openASessionDoor() {
        stage = STAGES.with("{max: 100}", SESSION_DOOR);
    }

    @Test
    void aSessionGoesOnWhileNewLoginsAreRefusedAndTheTenantGoesWhenItsClientLeaves() throws SQLException {
        TestTenant tenant = stage.ready("patient", AN_HOUR);
        try (Connection client = stage.door("session").login(tenant).open()) {
            assertThat(answers(client)).isTrue();
            stage.tenants().delete(tenant);

            await("new logins are refused")
                    .atMost(PoolerStage.PATIENCE)
                    .until(() -> stage.door("session").login(tenant).refusal().isPresent());
            await("the session goes on")
                    .atMost(PoolerStage.PATIENCE)
                    .during(GOES_ON_FOR)
                    .until(() -> answers(client) && finalizers(stage, tenant).contains(FINALIZER));
        }

        stage.awaitGone(tenant); // an hour before its time
    }

    @Test
    void aClientThatDoesNotLeaveIsDisconnectedWhenTheTimeIsUp() throws SQLException {
        TestTenant tenant = stage.ready("hurried", "drainTimeoutSeconds: 10");
        try (Connection client = stage.door("session").login(tenant).open()) {
            assertThat(answers(client)).isTrue();
            stage.tenants().delete(tenant);

            await("half of its time goes by")
                    .atMost(PoolerStage.PATIENCE)
                    .during(GOES_ON_FOR)
                    .until(() -> answers(client));
            await("it is cut off").atMost(PoolerStage.PATIENCE).until(() -> !answers(client));
            stage.awaitGone(tenant);
        }
    }

    @Test
    void theFinalizerIsThereOnlyWhileTheTenantAsksForTime() {
        TestTenant tenant = stage.ready("fickle");
        assertThat(finalizers(stage, tenant)).isEmpty();

        stage.patch(tenant, "{\"spec\":{\"drainTimeoutSeconds\":60}}");
        await("the finalizer").atMost(PoolerStage.PATIENCE).until(() -> finalizers(stage, tenant)
                .contains(FINALIZER));

        stage.patch(tenant, "{\"spec\":{\"drainTimeoutSeconds\":0}}");
        await("no finalizer").atMost(PoolerStage.PATIENCE).until(() -> finalizers(stage, tenant)
                .isEmpty());
    }

    @Test
    void aTenantGoesWhenItsPoolerClusterWentFirst() throws SQLException {
        PoolerStage own = STAGES.with("{max: 100}", SESSION_DOOR);
        TestTenant tenant = own.ready("orphan", AN_HOUR);
        try (Connection client = own.door("session").login(tenant).open()) {
            assertThat(answers(client)).isTrue();
            own.poolerCluster().delete();

            own.tenants().delete(tenant);

            own.awaitGone(tenant);
        }
    }

    @Test
    void aTenantGoesWhenItsPodsAreGoneAndNoneCanComeBack() throws SQLException {
        PoolerStage own = STAGES.with("{max: 100}", SESSION_DOOR);
        TestTenant tenant = own.ready("podless", AN_HOUR);
        own.client()
                .resourceQuotas()
                .inNamespace(own.namespace())
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("no-pods")
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity("0")))
                        .endSpec()
                        .build())
                .create();
        try (Connection client = own.door("session").login(tenant).open()) {
            assertThat(answers(client)).isTrue();
            own.door("session").kill();
            await("no pod is left")
                    .atMost(PoolerStage.PATIENCE)
                    .until(() -> own.door("session").pods().isEmpty());

            own.tenants().delete(tenant);

            own.awaitGone(tenant);
        }
    }

    @Test
    void aNamespaceGoesWithTenantsThatAskForTime() {
        PoolerStage own = STAGES.with("{max: 100}", SESSION_DOOR);
        own.ready("resident", AN_HOUR);

        own.client().namespaces().withName(own.tenants().name()).delete();

        await("the namespace is gone")
                .atMost(PoolerStage.PATIENCE)
                .until(() ->
                        own.client().namespaces().withName(own.tenants().name()).get() == null);
    }

    @Test
    void theNamespaceOfThePoolersGoesAndItsTenantsDoNotGetStuck() {
        PoolerStage own = STAGES.with("{max: 100}", SESSION_DOOR);
        TestTenant tenant = own.ready("bereft", AN_HOUR);

        own.client().namespaces().withName(own.namespace()).delete();
        own.tenants().delete(tenant);

        own.awaitGone(tenant);
    }

    private static List<String> finalizers(PoolerStage where, TestTenant tenant) {
        return where.tenants()
                .tenants()
                .withName(tenant.name())
                .require()
                .getMetadata()
                .getFinalizers();
    }

    private static boolean answers(Connection client) {
        try (Statement statement = client.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }
}
