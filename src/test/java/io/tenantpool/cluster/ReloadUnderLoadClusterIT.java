package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.testing.OperatorFootprint;
import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PrometheusText;
import io.tenantpool.testing.ReadyWatch;
import io.tenantpool.testing.TestTenant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReloadUnderLoadClusterIT {
    private static final int CHANGES = 100;
    private static final int PODS = 2;

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(PODS);

    @Test
    void noQueryOfATenantFailsWhileEveryPodReloadsAHundredTimesForAnother() throws Exception {
        TestTenant busy = POOLER.tenants().ready("busy");
        TestTenant restless = POOLER.tenants().ready("restless");
        double reloadsBefore = reloads();

        try (ReadyWatch watch = POOLER.tenants().watch();
                PooledClients clients =
                        PooledClients.start(PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, busy), 8)) {
            for (int i = 0; i < CHANGES; i++) {
                GenericKubernetesResource changed = resize(restless, i % 2 == 0 ? 4 : 8);
                watch.ready(restless.name(), changed.getMetadata().getGeneration())
                        .get(1, TimeUnit.MINUTES);
            }
            clients.close();
            assertThat(clients.cutInside()).isEmpty();
            assertThat(clients.refused()).isEmpty();
            assertThat(clients.closedBetween()).isZero();
            assertThat(clients.transactions()).isGreaterThan(CHANGES);
        }
        assertThat(reloads() - reloadsBefore).isGreaterThanOrEqualTo(CHANGES * PODS);
    }

    private static GenericKubernetesResource resize(TestTenant tenant, int poolSize) {
        return POOLER.tenants()
                .tenants()
                .withName(tenant.name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"poolSize\":" + poolSize + "}]}}");
    }

    private static double reloads() {
        return new PrometheusText(POOLER.cluster().operator().metrics()).sum(OperatorFootprint.RELOADS);
    }
}
