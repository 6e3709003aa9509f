package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SuspendClusterIT {
    private static final String BOTH_DOORS = """
              listeners:
              - {name: transaction, port: 6432, replicas: 1, defaultPoolSize: 4}
              - {name: session, poolMode: Session, port: 6433, replicas: 1, defaultPoolSize: 2}
              allowedTenants: {namespaces: {from: All}}
            """;
    private static final int PROMISED = 4 * 3 + 2 * 3;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static PoolerStage stage;
    private static TestTenant tenant;

    @BeforeAll
    static void serveATenant() {
        stage = STAGES.with("{max: 100}", BOTH_DOORS);
        tenant = stage.ready("sleeper");
    }

    @Test
    void aSuspendedTenantIsOutOfThePoolersKeepsItsNamesAndComesBack() {
        awaitPromised(PROMISED);

        stage.patch(tenant, "{\"spec\":{\"suspend\":true}}");

        assertThat(stage.awaitReason(tenant, "Ready", "Suspended").status()).isEqualTo("False");
        for (String door : List.of("transaction", "session")) {
            await("the door " + door + " refuses")
                    .atMost(PoolerStage.PATIENCE)
                    .until(() -> stage.door(door).login(tenant).refusal().isPresent());
        }
        awaitPromised(0);
        assertThat(stage.tenants().tenants().withName(tenant.name()).get()).isNotNull();

        TestTenant squatter = stage.tenants().named("squatter");
        stage.tenants().prepare(List.of(squatter));
        stage.apply(squatter, "poolName: " + tenant.database());
        assertThat(stage.awaitReason(squatter, "Accepted", "PoolNameTaken").status())
                .isEqualTo("False");
        stage.tenants().delete(squatter);

        // An operator that never saw the tenant served keeps it out as well.
        STAGES.cluster().restartOperator();
        stage.ready("after-restart");
        assertThat(stage.door("transaction").login(tenant).refusal()).isPresent();

        stage.patch(tenant, "{\"spec\":{\"suspend\":false}}");
        stage.tenants().awaitReady(List.of(tenant));
        assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
        assertThat(stage.door("session").refusals(tenant)).isEmpty();
        awaitPromised(2 * PROMISED);
    }

    private static void awaitPromised(int connections) {
        await(connections + " connections are promised")
                .atMost(PoolerStage.PATIENCE)
                .untilAsserted(() -> assertThat(stage.budget()).containsEntry("committed", connections));
    }
}
