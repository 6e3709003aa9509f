package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.ApiRequestLog;
import io.tenantpool.testing.OperatorRights;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator that is made to do everything needs exactly the rights of manifests/rbac: no more, and all of them. */
class RightsClusterIT {
    private static final String TEAM_ALONE = "[{\"op\":\"replace\",\"path\":\"/spec/allowedTenants/namespaces\","
            + "\"value\":{\"from\":\"Selector\",\"selector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"%s\"}}}}]";

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void whatIsGrantedIsUsedAndNothingElseIsAskedFor() throws SQLException {
        awaitNoNamespaceEnds();
        STAGES.cluster().restartOperator();
        PoolerStage stage = STAGES.with("{max: 100}", """
              listeners:
              - {name: transaction, port: 6432, replicas: 1, defaultPoolSize: 2, terminationGracePeriodSeconds: 10}
              - {name: session, poolMode: Session, port: 6433, replicas: 1, defaultPoolSize: 2,
                 terminationGracePeriodSeconds: 10}
              allowedTenants: {namespaces: {from: All}}
            """);

        rotate(stage, stage.ready("settled"));
        drain(stage);
        failToLogIn(stage);
        revoke(stage);
        scale(stage);
        closeADoor(stage);

        ApiRequestLog asked = ApiRequestLog.of(STAGES.cluster().operator().metrics());
        var used = asked.used();
        System.out.println("Rights of the operator: " + OperatorRights.granted().size() + " granted, " + used.size()
                + " used, " + asked.forbidden().size() + " refused.");
        assertThat(asked.forbidden()).as("refused").isEmpty();
        assertThat(used)
                .as("used, compared with what manifests/rbac grants")
                .isEqualTo(new TreeSet<>(OperatorRights.granted()));
    }

    private static void awaitNoNamespaceEnds() {
        await("no namespace is being deleted")
                .atMost(PoolerStage.PATIENCE)
                .until(() -> STAGES.cluster().client().namespaces().list().getItems().stream()
                        .allMatch(namespace -> namespace.getMetadata().getDeletionTimestamp() == null));
    }

    /** The binding Secret is written once more. */
    private static void rotate(PoolerStage stage, TestTenant tenant) {
        TestTenant rotated = tenant.withPassword("another");
        stage.cluster().postgres().changePassword(rotated.role(), rotated.password());
        stage.tenants().changeCredentials(rotated);
        await("the new password is in the binding").atMost(PoolerStage.PATIENCE).until(() -> stage.tenants()
                .binding(rotated)
                .map(binding -> rotated.password().equals(binding.get("password")))
                .orElse(false));
    }

    /** A Tenant with a finalizer that waits for its client. */
    private static void drain(PoolerStage stage) throws SQLException {
        TestTenant tenant = stage.ready("patient", "drainTimeoutSeconds: 3600");
        try (Connection client = stage.door("session").login(tenant).open()) {
            assertThat(client.isValid(5)).isTrue();
            stage.tenants().delete(tenant);
            await("new logins are refused")
                    .atMost(PoolerStage.PATIENCE)
                    .until(() -> stage.door("session").login(tenant).refusal().isPresent());
            // The operator looks every second whether the PoolerCluster of a Tenant that waits still exists.
            await("the operator looked")
                    .atMost(PoolerStage.PATIENCE)
                    .until(() -> ApiRequestLog.of(stage.cluster().operator().metrics()).used().stream()
                            .anyMatch(right -> "get poolerclusters.tenantpool.io".equals(right.toString())));
        }
        stage.awaitGone(tenant);
    }

    /** An event says why. */
    private static void failToLogIn(PoolerStage stage) {
        TestTenant tenant = stage.tenants().named("stranger");
        stage.tenants()
                .createCredentials(
                        tenant.credentialsSecret(), Map.of("username", tenant.role(), "password", tenant.password()));
        stage.tenants().apply(tenant);
        await("an event")
                .atMost(PoolerStage.PATIENCE)
                .until(() -> stage.client().v1().events().inNamespace(tenant.namespace()).list().getItems().stream()
                        .anyMatch(event ->
                                tenant.name().equals(event.getInvolvedObject().getName())));
    }

    /** Its namespace is looked at before a Tenant is taken out. */
    private static void revoke(PoolerStage stage) {
        stage.edit(TEAM_ALONE.formatted("nobody"));
        await("the namespace is not admitted").atMost(PoolerStage.PATIENCE).until(() -> "False"
                .equals(stage.tenants().condition("settled", "Accepted").status()));
        stage.edit(TEAM_ALONE.formatted(stage.tenants().name()));
    }

    /** To an autoscaler and back. */
    private static void scale(PoolerStage stage) {
        stage.edit("[{\"op\":\"remove\",\"path\":\"/spec/listeners/0/replicas\"},{\"op\":\"add\","
                + "\"path\":\"/spec/listeners/0/autoscaling\",\"value\":{\"minReplicas\":1,\"maxReplicas\":2}}]");
        await("an autoscaler")
                .atMost(PoolerStage.PATIENCE)
                .until(() -> autoscalers(stage).size() == 1);
        stage.edit("[{\"op\":\"remove\",\"path\":\"/spec/listeners/0/autoscaling\"},{\"op\":\"add\","
                + "\"path\":\"/spec/listeners/0/replicas\",\"value\":1}]");
        await("no autoscaler").atMost(PoolerStage.PATIENCE).until(() -> autoscalers(stage)
                .isEmpty());
    }

    private static List<?> autoscalers(PoolerStage stage) {
        return stage.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(stage.namespace())
                .list()
                .getItems();
    }

    /** All of its objects are deleted. */
    private static void closeADoor(PoolerStage stage) {
        stage.edit("[{\"op\":\"remove\",\"path\":\"/spec/listeners/1\"}]");
        await("nothing is left of the door")
                .atMost(PoolerStage.PATIENCE)
                .untilAsserted(() -> assertThat(stage.door("session").objects()).isEmpty());
    }
}
