package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerRollout;
import io.tenantpool.testing.TenantNamespace;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pooled clients of a transaction door that try a transaction again once, when they find their connection closed. */
class NoFailedQueryClusterIT {
    private static final int PODS = 2;
    private static final int CLIENTS = 10;
    private static final int COMING_AND_GOING = 100;

    @RegisterExtension
    static final PoolerFixture POOLER =
            PoolerFixture.withReplicas(PODS).withConnections("max: 200, reserved: 20, overcommitPercent: 1000");

    @Test
    void noQueryFailsWhilePodsGetOtherResourcesOtherSettingsAndAnotherImage() {
        try (PooledClients clients = clients(POOLER.tenants().ready("rolled"))) {
            POOLER.patch("{\"spec\":{\"pod\":{\"resources\":{\"requests\":{\"cpu\":\"60m\",\"memory\":\"65Mi\"}}}}}");
            PoolerRollout.awaitEachPod(POOLER, "other resources", PODS, pod -> new Quantity("65Mi")
                    .equals(container(pod).getResources().getRequests().get("memory")));

            POOLER.patch("{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"port\":6432,\"replicas\":" + PODS
                    + ",\"terminationGracePeriodSeconds\":11}]}}");
            PoolerRollout.awaitEachPod(
                    POOLER, "another grace", PODS, pod -> pod.getSpec().getTerminationGracePeriodSeconds() == 11);

            // The same programs under another name, for the node has no other image.
            String image = POOLER.pods()
                    .get(0)
                    .getStatus()
                    .getContainerStatuses()
                    .get(0)
                    .getImageID();
            POOLER.patch("{\"spec\":{\"image\":\"" + image + "\"}}");
            PoolerRollout.awaitEachPod(
                    POOLER,
                    "another image",
                    PODS,
                    pod -> image.equals(container(pod).getImage()));

            clients.close();
            report("three rollouts", clients);
            assertNoneFailed(clients);
            assertThat(clients.closedBetween()).isGreaterThanOrEqualTo(CLIENTS);
        }
    }

    @Test
    void noQueryFailsWhilePodsAreEvictedAndNoTwoAreAtATime() {
        try (PooledClients clients = clients(POOLER.tenants().ready("evicted"))) {
            List<Pod> pods = POOLER.pods();
            assertThat(evict(pods.get(0))).isTrue();
            assertThat(evictionsAllowed()).isZero();
            POOLER.awaitPods(PODS);
            assertThat(evict(pods.get(1))).isTrue(); // tried again until it is allowed, as by kubectl drain
            POOLER.awaitPods(PODS);

            clients.close();
            report("two evictions", clients);
            assertNoneFailed(clients);
            assertThat(clients.closedBetween()).isPositive();
        }
    }

    @Test
    void noQueryFailsWhileAHundredTenantsComeAndGo() {
        List<TestTenant> others = POOLER.tenants().named("passing", COMING_AND_GOING);
        POOLER.tenants().prepare(others);

        try (PooledClients clients = clients(POOLER.tenants().ready("staying"))) {
            TenantNamespace.inParallel(
                    others, tenant -> POOLER.tenants().apply(POOLER.tenants().manifest(tenant, 1)));
            POOLER.tenants().awaitReady(others);
            TenantNamespace.inParallel(others, POOLER.tenants()::delete);
            await("they have no pools any more").atMost(Duration.ofMinutes(3)).until(() -> POOLER.renderedLinesWith(
                            databasePrefix(others))
                    .isEmpty());

            clients.close();
            report(COMING_AND_GOING + " tenants come and go", clients);
            assertNoneFailed(clients);
            assertThat(clients.closedBetween()).isZero();
        }
    }

    private static String databasePrefix(List<TestTenant> tenants) {
        String one = tenants.get(0).database();
        return one.substring(0, one.lastIndexOf('_'));
    }

    private static PooledClients clients(TestTenant tenant) {
        return PooledClients.start(PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, tenant), CLIENTS);
    }

    private static Container container(Pod pod) {
        return pod.getSpec().getContainers().get(0);
    }

    private static boolean evict(Pod pod) {
        return POOLER.client()
                .pods()
                .inNamespace(POOLER.namespace())
                .withName(pod.getMetadata().getName())
                .evict();
    }

    private static int evictionsAllowed() {
        return POOLER.client()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(POOLER.namespace())
                .list()
                .getItems()
                .get(0)
                .getStatus()
                .getDisruptionsAllowed();
    }

    private static void report(String what, PooledClients clients) {
        System.out.printf(
                "%s: %d transactions, %d cut, %d refused, %d connections closed between transactions%n",
                what,
                clients.transactions(),
                clients.cutInside().size(),
                clients.refused().size(),
                clients.closedBetween());
    }

    private static void assertNoneFailed(PooledClients clients) {
        assertThat(clients.cutInside()).isEmpty();
        assertThat(clients.refused()).isEmpty();
        assertThat(clients.transactions()).isPositive();
    }
}
