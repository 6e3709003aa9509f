package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.CommitmentWatch;
import io.tenantpool.testing.ConnectionSampler.Sample;
import io.tenantpool.testing.PooledClients;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerRollout;
import io.tenantpool.testing.TestTenant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A door with a fixed number of pods: what is promised is all that a rollout can open. */
class CommitmentClusterIT {
    private static final int PODS = 2;
    private static final int PODS_AT_MOST = PODS + 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(PODS).withConnections("max: 100, reserved: 20");

    @AfterEach
    void giveEverythingBack() {
        POOLER.tenants().tenants().delete();
        await("nothing is promised").atMost(PATIENCE).until(() -> committed() == 0);
    }

    @Test
    void aRolloutOpensNoMoreConnectionsThanArePromised() throws SQLException {
        TestTenant tenant = POOLER.tenants().ready("rolled", 12);
        await("all is promised").atMost(PATIENCE).until(() -> committed() == 6 * PODS_AT_MOST);

        try (CommitmentWatch watch = CommitmentWatch.start(POOLER);
                PooledClients clients = clients(tenant, 40)) {
            PoolerRollout.begin(POOLER, "alone");
            PoolerRollout.await(POOLER, "alone", PODS);
            awaitNoPodLeaves();

            report("one rollout", watch);
            assertThat(watch.excesses()).isEmpty();
            assertThat(watch.peak()).isGreaterThan(6 * PODS);
            assertNoneFailed(clients);
        }
    }

    @Test
    void aSecondRolloutInTheMiddleOfTheFirstOpensNoMoreConnectionsThanArePromised() throws SQLException {
        TestTenant tenant = POOLER.tenants().ready("rolled-twice", 12);
        await("all is promised").atMost(PATIENCE).until(() -> committed() == 6 * PODS_AT_MOST);

        try (CommitmentWatch watch = CommitmentWatch.start(POOLER);
                PooledClients clients = clients(tenant, 40)) {
            PoolerRollout.begin(POOLER, "first");
            await("the first rollout goes on")
                    .atMost(PATIENCE)
                    .until(() -> POOLER.addressesInTraffic().size() > PODS);
            PoolerRollout.begin(POOLER, "second");
            PoolerRollout.await(POOLER, "second", PODS);
            awaitNoPodLeaves();

            report("two rollouts in a row", watch);
            assertThat(watch.excesses()).isEmpty();
            assertThat(watch.peak()).isGreaterThan(6 * PODS);
            assertNoneFailed(clients);
        }
    }

    @Test
    void aNewcomerGetsTheRoomOfALoweredPoolOnlyAfterItsConnectionsAreGone() throws SQLException {
        TestTenant lowered = POOLER.tenants().ready("lowered", 30);
        TestTenant newcomer = POOLER.tenants().named("newcomer");
        POOLER.tenants().prepare(List.of(newcomer));

        try (CommitmentWatch watch = CommitmentWatch.start(POOLER);
                PooledClients clients = clients(lowered, 60)) {
            await("the pool is full").atMost(PATIENCE).until(() -> latest(watch).of(lowered) == 15 * PODS);
            POOLER.tenants().apply(POOLER.tenants().manifest(newcomer, 14));
            await("the newcomer does not fit").atMost(PATIENCE).untilAsserted(() -> assertThat(POOLER.tenants()
                            .condition(newcomer.name(), "Accepted")
                            .reason())
                    .isEqualTo("CapacityExceeded"));

            POOLER.tenants().resize(lowered, 16);
            POOLER.tenants().awaitReady(List.of(lowered, newcomer));
            try (PooledClients others = clients(newcomer, 30)) {
                await("the newcomer's pool is full")
                        .atMost(PATIENCE)
                        .until(() -> latest(watch).of(newcomer) == 7 * PODS);
                await("what is promised is as small as the pools")
                        .atMost(PATIENCE)
                        .until(() -> committed() == (8 + 7) * PODS_AT_MOST);
                assertNoneFailed(others);
            }

            report("a lowered pool and a newcomer", watch);
            assertThat(watch.excesses()).isEmpty();
            assertThat(watch.samples().stream()
                            .dropWhile(sample -> sample.of(newcomer) == 0)
                            .filter(sample -> sample.of(lowered) > 8 * PODS))
                    .isEmpty();
            assertNoneFailed(clients);
        }
    }

    private static PooledClients clients(TestTenant tenant, int count) {
        return PooledClients.startRestless(PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, tenant), count);
    }

    private static int committed() {
        return CommitmentWatch.committed(POOLER.poolerCluster().require());
    }

    private static Sample latest(CommitmentWatch watch) {
        List<Sample> samples = watch.samples();
        return samples.get(samples.size() - 1);
    }

    private static void awaitNoPodLeaves() {
        await("the pods that were replaced are gone")
                .atMost(PATIENCE)
                .until(() -> POOLER.client()
                                .pods()
                                .inNamespace(POOLER.namespace())
                                .list()
                                .getItems()
                                .size()
                        == PODS);
    }

    private static void report(String what, CommitmentWatch watch) {
        System.out.printf(
                "%s: at most %d connections in %d looks, %d promised%n",
                what, watch.peak(), watch.samples().size(), committed());
    }

    private static void assertNoneFailed(PooledClients clients) {
        assertThat(clients.cutInside()).isEmpty();
        assertThat(clients.refused()).isEmpty();
        assertThat(clients.transactions()).isPositive();
    }
}
