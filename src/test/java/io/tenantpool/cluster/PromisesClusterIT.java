package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.Conditions;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was promised stays promised: pools of 4 on one pod cost 4 x 3, for 1 + 2 pods can exist at a time. */
class PromisesClusterIT {
    private static final String ONE_POD = """
              listeners: [{name: transaction, port: 6432, replicas: 1, defaultPoolSize: 4}]
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void neitherARaiseThatDoesNotFitNorALoweredContractNorARestartTakesAnythingFromAnybody() {
        PoolerStage stage = STAGES.with("{max: 40}", ONE_POD);
        TestTenant grower = stage.ready("grower");
        TestTenant neighbour = stage.ready("neighbour");

        raise(stage, grower, 10);

        Conditions.Reported accepted = stage.awaitReason(grower, "Accepted", "CapacityExceeded");
        assertThat(accepted.status()).isEqualTo("False");
        assertThat(accepted.message())
                .contains("10 connections are 10 on each of at most 3 pods = 30", "the pool of 4 keeps serving")
                .contains("24 of 40 are promised");
        expectServed(stage, grower, neighbour);

        contract(stage, 20);
        expectOvercommitment(stage);
        expectServed(stage, grower, neighbour);
        TestTenant late = stage.tenants().named("late");
        stage.tenants().prepare(List.of(late));
        stage.apply(late);
        stage.awaitReason(late, "Accepted", "CapacityExceeded");

        STAGES.cluster().restartOperator();
        expectOvercommitment(stage);
        expectServed(stage, grower, neighbour);
        assertThat(stage.tenants().condition(neighbour.name(), "Ready").status())
                .isEqualTo("True");
        assertThat(List.of(grower, late)).allSatisfy(refused -> assertThat(
                        stage.tenants().condition(refused.name(), "Accepted").reason())
                .isEqualTo("CapacityExceeded"));

        contract(stage, 100);
        stage.tenants().awaitReady(List.of(grower, neighbour, late));
        await("the contract holds again").atMost(PoolerStage.PATIENCE).untilAsserted(() -> {
            assertThat(stage.condition("WithinBudget").status()).isEqualTo("True");
            assertThat(stage.budget())
                    .containsAllEntriesOf(
                            Map.of("max", 100, "committed", 10 * 3 + 4 * 3 + 4 * 3, "available", 100 - 54));
        });
    }

    private static void raise(PoolerStage stage, TestTenant tenant, int poolSize) {
        stage.patch(tenant, "{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"poolSize\":" + poolSize + "}]}}");
    }

    private static void contract(PoolerStage stage, int max) {
        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/upstreams/0/connections/max\",\"value\":" + max + "}]");
    }

    private static void expectOvercommitment(PoolerStage stage) {
        await("Overcommitted").atMost(PoolerStage.PATIENCE).untilAsserted(() -> {
            Conditions.Reported within = stage.condition("WithinBudget");
            assertThat(within.status()).isEqualTo("False");
            assertThat(within.reason()).isEqualTo("Overcommitted");
            assertThat(within.message()).contains("24 connections of upstream default (Primary)", "20 may be");
            assertThat(stage.budget()).containsEntry("committed", 24).containsEntry("available", -4);
            assertThat(budgetMetric(stage, "committed")).isEqualTo(24);
            assertThat(budgetMetric(stage, "limit")).isEqualTo(20);
            assertThat(budgetMetric(stage, "available")).isEqualTo(-4);
        });
    }

    private static double budgetMetric(PoolerStage stage, String kind) {
        return stage.metric("tenantpool_budget_connections", "kind=\"" + kind + "\"");
    }

    private static void expectServed(PoolerStage stage, TestTenant... tenants) {
        assertThat(tenants).allSatisfy(tenant -> {
            assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
            assertThat(stage.tenants().binding(tenant)).isPresent();
        });
    }
}
