package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.TenantNamespace;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BurstClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(3);

    @Test
    void twoHundredTenantsAppliedAtOnceAreAllReadyAndEachLogsIn() {
        List<TestTenant> tenants = POOLER.tenants().named("burst", 200);
        POOLER.tenants().prepare(tenants);

        POOLER.tenants().applyAtOnce(tenants);
        POOLER.tenants().awaitReady(tenants);

        String service = POOLER.serviceAddress();
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        TenantNamespace.inParallel(tenants, tenant -> {
            Optional<String> refusal =
                    PoolerLogin.of(service, PoolerFixture.PORT, tenant).refusal();
            refusal.ifPresent(refused::add);
        });
        assertThat(refused).isEmpty();
    }
}
