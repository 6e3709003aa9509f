package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OperatorKilledClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void allTenantsBecomeReadyWhenTheOperatorIsKilledInTheMiddleOfFiftyCreates() {
        List<TestTenant> tenants = POOLER.tenants().named("killed", 50);
        POOLER.tenants().prepare(tenants);

        // Killed with the first ones under way, and again as soon as some of the rest are.
        POOLER.tenants().applyAtOnce(tenants.subList(0, 25));
        POOLER.cluster().killOperator();
        POOLER.tenants().applyAtOnce(tenants.subList(25, 50));
        POOLER.cluster().operator();
        await("the operator has done something")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> POOLER.tenants().secretsOfTheOperator().stream()
                        .anyMatch(secret -> secret.getMetadata().getName().startsWith("killed-")));
        POOLER.cluster().killOperator();
        POOLER.cluster().operator();

        POOLER.tenants().awaitReady(tenants);
        assertThat(tenants)
                .allSatisfy(tenant -> assertThat(POOLER.refusals(tenant)).isEmpty());
    }

    @Test
    void tenantsGoOnLoggingInWhileThereIsNoOperator() {
        TestTenant tenant = POOLER.tenants().ready("alone");
        POOLER.cluster().killOperator();
        try {
            POOLER.client()
                    .pods()
                    .inNamespace(POOLER.namespace())
                    .withName(POOLER.pods().get(0).getMetadata().getName())
                    .withGracePeriod(0)
                    .delete();
            POOLER.awaitPods(2);
            assertThat(POOLER.refusals(tenant)).isEmpty();
        } finally {
            POOLER.cluster().operator();
        }
    }
}
