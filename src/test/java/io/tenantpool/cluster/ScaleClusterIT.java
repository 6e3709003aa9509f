package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScaleClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void aTenantLogsInThroughThePodThatScalingAddsAndNewTenantsWaitForIt() {
        TestTenant before = POOLER.tenants().ready("before");

        POOLER.scaleTo(3);
        POOLER.awaitPods(3);

        assertThat(POOLER.refusals(before)).isEmpty();
        assertThat(POOLER.refusals(POOLER.tenants().ready("after"))).isEmpty();
        await("the status counts three pods").atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                        POOLER.poolerCluster().get().<Integer>get("status", "listeners", 0, "podsUpToDate"))
                .isEqualTo(3));
    }

    @Test
    void scalingTakesReadyAwayFromNobody() {
        TestTenant tenant = POOLER.tenants().ready("latched");
        String since = POOLER.tenants().condition(tenant.name(), "Ready").since();

        POOLER.scaleTo(POOLER.pods().size() == 3 ? 2 : 3);
        POOLER.awaitPods(POOLER.poolerCluster().get().<Integer>get("spec", "listeners", 0, "replicas"));

        assertThat(POOLER.tenants().condition(tenant.name(), "Ready").status()).isEqualTo("True");
        assertThat(POOLER.tenants().condition(tenant.name(), "Ready").since()).isEqualTo(since);
    }
}
