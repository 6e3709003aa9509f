package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PoolerPodKilledClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(3);

    @Test
    void allTenantsBecomeReadyWhenAPoolerPodIsKilledInTheMiddleOfFiftyCreates() {
        List<TestTenant> tenants = POOLER.tenants().named("podkill", 50);
        POOLER.tenants().prepare(tenants);

        POOLER.tenants().applyAtOnce(tenants.subList(0, 25));
        POOLER.client()
                .pods()
                .inNamespace(POOLER.namespace())
                .withName(POOLER.pods().get(0).getMetadata().getName())
                .withGracePeriod(0)
                .delete();
        POOLER.tenants().applyAtOnce(tenants.subList(25, 50));

        POOLER.tenants().awaitReady(tenants);
        POOLER.awaitPods(3);
        assertThat(tenants)
                .allSatisfy(tenant -> assertThat(POOLER.refusals(tenant)).isEmpty());
    }
}
