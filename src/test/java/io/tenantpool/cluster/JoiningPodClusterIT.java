package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.ReadyWatch;
import io.tenantpool.testing.TestTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JoiningPodClusterIT {
    private static final int JOINS = 50;
    private static final int AT_ONCE = 2;
    private static final int LOGINS = 5;

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(3);

    @Test
    void noLoginIsRefusedToAReadyTenantWhilePodsJoinFiftyTimes() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Provisioned> provisioning = CompletableFuture.supplyAsync(() -> provision(enough));

        try {
            for (int joined = 0; joined < JOINS; joined += AT_ONCE) {
                for (Pod leaver : POOLER.pods().subList(0, AT_ONCE)) {
                    POOLER.client().resource(leaver).delete();
                }
                POOLER.awaitPods(3);
            }
        } finally {
            enough.set(true);
        }

        Provisioned provisioned = provisioning.get(3, TimeUnit.MINUTES);
        System.out.printf(
                "%d pods joined while %d tenants became Ready, %d logins refused%n",
                JOINS, provisioned.tenants().size(), provisioned.refused().size());
        assertThat(provisioned.refused()).isEmpty();
        assertThat(provisioned.tenants()).hasSizeGreaterThan(JOINS / AT_ONCE);
        TestTenant last = provisioned.tenants().get(provisioned.tenants().size() - 1);
        assertThat(POOLER.refusals(last)).isEmpty();
    }

    private record Provisioned(List<TestTenant> tenants, List<String> refused) {}

    /** A provisioning service: creates one tenant after another and hands each to its customer as soon as it is Ready. */
    private static Provisioned provision(AtomicBoolean enough) {
        Provisioned done = new Provisioned(new ArrayList<>(), new ArrayList<>());
        String service = POOLER.serviceAddress();
        try (ReadyWatch watch = POOLER.tenants().watch()) {
            while (!enough.get()) {
                TestTenant tenant =
                        POOLER.tenants().named("joined-" + done.tenants().size());
                POOLER.tenants().prepare(List.of(tenant));
                POOLER.tenants().apply(tenant);
                watch.ready(tenant.name(), 1).get(2, TimeUnit.MINUTES);
                for (int i = 0; i < LOGINS; i++) {
                    PoolerLogin.of(service, PoolerFixture.PORT, tenant)
                            .refusal()
                            .ifPresent(done.refused()::add);
                }
                done.tenants().add(tenant);
            }
            return done;
        } catch (Exception e) {
            throw new IllegalStateException("after " + done.tenants().size() + " tenants", e);
        }
    }
}
