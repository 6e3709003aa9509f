package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerRollout;
import io.tenantpool.testing.TestTenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RolloutClusterIT {
    private static final int ROLLOUTS = 10;
    private static final int PODS = 2;
    private static final int CLIENTS = 10;

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(PODS);

    @Test
    void tenRolloutsUnderPooledClientsThatNeverLeaveCutNoTransaction() {
        TestTenant tenant = POOLER.tenants().ready("pooled");

        try (PooledClients clients =
                PooledClients.start(PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, tenant), CLIENTS)) {
            for (int i = 1; i <= ROLLOUTS; i++) {
                PoolerRollout.begin(POOLER, Integer.toString(i));
                PoolerRollout.await(POOLER, Integer.toString(i), PODS);
            }
            clients.close();
            System.out.printf(
                    "%d rollouts: %d transactions, %d cut, %d connections closed between transactions%n",
                    ROLLOUTS, clients.transactions(), clients.cutInside().size(), clients.closedBetween());
            assertThat(clients.cutInside()).isEmpty();
            assertThat(clients.refused()).isEmpty();
            // Otherwise no client was ever in the way of a rollout.
            assertThat(clients.closedBetween()).isGreaterThanOrEqualTo(CLIENTS);
        }
        assertThat(POOLER.refusals(tenant)).isEmpty();
        assertThat(POOLER.tenants().condition(tenant.name(), "Ready").status()).isEqualTo("True");
    }
}
