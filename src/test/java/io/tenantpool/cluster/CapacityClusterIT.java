package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.tenantpool.testing.Conditions;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The arithmetic of story 2, as manifests/samples/capacity.yaml has it, and what becomes of those who are served. */
class CapacityClusterIT {
    private static final List<String> SERVICES = List.of(
            "billing",
            "catalog",
            "checkout",
            "customers",
            "inventory",
            "invoices",
            "mailer",
            "orders",
            "payments",
            "reports",
            "search",
            "shipping");

    private static final String ONE_POD = """
              listeners: [{name: transaction, port: 6432, replicas: 1, defaultPoolSize: 4}]
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void fiveOfTwelveServicesFitWithPoolsOfSixteenAndAllOfThemWithPoolsOfSix() {
        PoolerStage stage = STAGES.empty("services");
        List<TestTenant> services = SERVICES.stream()
                .map(name -> new TestTenant(stage.tenants().name(), name, name, "app_" + name, "change-me-" + name))
                .toList();
        services.forEach(STAGES.cluster().postgres()::createDatabaseAndRole);

        stage.create(PoolerStages.sample("capacity.yaml").replace("defaultPoolSize: 6", "defaultPoolSize: 16"));

        awaitCounts(stage, 5, 7);
        assertThat(live(stage, CapacityClusterIT::isRefused)).allSatisfy(refused -> assertThat(
                        Conditions.of(refused, "Accepted").orElseThrow().message())
                .contains("16 connections are 8 on each of at most 4 pods = 32", "20 left", "160 of 180 are promised")
                .contains("max 200 less 20 reserved"));
        awaitBudget(stage, Map.of("max", 200, "reserved", 20, "committed", 160, "available", 20));

        String leaving =
                live(stage, CapacityClusterIT::isReady).get(0).getMetadata().getName();
        stage.tenants().tenants().withName(leaving).delete();
        awaitCounts(stage, 5, 6);

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/listeners/0/defaultPoolSize\",\"value\":6}]");
        awaitCounts(stage, 11, 0);
        awaitBudget(stage, Map.of("committed", 11 * 12, "available", 180 - 11 * 12));
        assertThat(services)
                .filteredOn(service -> !service.name().equals(leaving))
                .allSatisfy(service ->
                        assertThat(stage.door("transaction").refusals(service)).isEmpty());
    }

    @Test
    void aRaiseThatDoesNotFitLeavesTheOldPoolServingAndSaysSo() {
        PoolerStage stage = STAGES.with("{max: 40}", ONE_POD);
        TestTenant tenant = stage.ready("grower");
        stage.ready("neighbour");

        stage.patch(tenant, "{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"poolSize\":10}]}}");

        Conditions.Reported accepted = stage.awaitReason(tenant, "Accepted", "CapacityExceeded");
        assertThat(accepted.status()).isEqualTo("False");
        assertThat(accepted.message())
                .contains("10 connections are 10 on each of at most 3 pods = 30", "the pool of 4 keeps serving")
                .contains("24 of 40 are promised");
        assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
        assertThat(stage.tenants().binding(tenant)).isPresent();

        STAGES.cluster().restartOperator();
        // Whoever is Ready now was decided on by the new operator.
        stage.ready("after-restart");
        assertThat(stage.tenants().condition(tenant.name(), "Accepted").reason())
                .isEqualTo("CapacityExceeded");
        assertThat(stage.door("transaction").refusals(tenant)).isEmpty();

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/upstreams/0/connections/max\",\"value\":100}]");
        stage.tenants().awaitReady(List.of(tenant));
        awaitBudget(stage, Map.of("committed", 30 + 12 + 12, "max", 100));
    }

    @Test
    void loweringTheContractBelowWhatIsPromisedTakesNothingFromAnybody() {
        PoolerStage stage = STAGES.with("{max: 40}", ONE_POD);
        List<TestTenant> served = List.of(stage.ready("one"), stage.ready("two"), stage.ready("three"));

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/upstreams/0/connections/max\",\"value\":20}]");

        expectOvercommitment(stage, served);
        TestTenant late = stage.tenants().named("late");
        stage.tenants().prepare(List.of(late));
        stage.apply(late);
        stage.awaitReason(late, "Accepted", "CapacityExceeded");

        STAGES.cluster().restartOperator();
        expectOvercommitment(stage, served);
        assertThat(stage.tenants().condition(late.name(), "Accepted").reason()).isEqualTo("CapacityExceeded");

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/upstreams/0/connections/max\",\"value\":50}]");
        stage.tenants().awaitReady(List.of(late));
        await("the contract holds again").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.condition("WithinBudget").status())
                .isEqualTo("True"));
    }

    private static void expectOvercommitment(PoolerStage stage, List<TestTenant> served) {
        await("Overcommitted").atMost(PoolerStage.PATIENCE).untilAsserted(() -> {
            Conditions.Reported within = stage.condition("WithinBudget");
            assertThat(within.status()).isEqualTo("False");
            assertThat(within.reason()).isEqualTo("Overcommitted");
            assertThat(within.message()).contains("36 connections of upstream default (Primary)", "20 may be");
            assertThat(stage.budget()).containsEntry("committed", 36).containsEntry("available", -16);
            assertThat(stage.metric("tenantpool_budget_connections", "kind=\"committed\""))
                    .isEqualTo(36);
            assertThat(stage.metric("tenantpool_budget_connections", "kind=\"limit\""))
                    .isEqualTo(20);
            assertThat(stage.metric("tenantpool_budget_connections", "kind=\"available\""))
                    .isEqualTo(-16);
        });
        assertThat(served).allSatisfy(tenant -> {
            assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
            assertThat(stage.tenants().condition(tenant.name(), "Ready").status())
                    .isEqualTo("True");
            assertThat(stage.tenants().condition(tenant.name(), "Accepted").status())
                    .isEqualTo("True");
        });
    }

    private static void awaitBudget(PoolerStage stage, Map<String, Integer> numbers) {
        await("the budget says " + numbers).atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(stage.budget())
                .containsAllEntriesOf(numbers));
    }

    private static void awaitCounts(PoolerStage stage, int ready, int refused) {
        await(ready + " are Ready and " + refused + " do not fit")
                .atMost(PoolerStage.PATIENCE)
                .untilAsserted(() -> {
                    assertThat(live(stage, CapacityClusterIT::isReady)).hasSize(ready);
                    assertThat(live(stage, CapacityClusterIT::isRefused)).hasSize(refused);
                });
    }

    private static List<GenericKubernetesResource> live(PoolerStage stage, Predicate<GenericKubernetesResource> which) {
        return stage.tenants().tenants().list().getItems().stream()
                .filter(which)
                .toList();
    }

    private static boolean isReady(GenericKubernetesResource tenant) {
        return Conditions.of(tenant, "Ready")
                .filter(ready -> "True".equals(ready.status()))
                .isPresent();
    }

    private static boolean isRefused(GenericKubernetesResource tenant) {
        return Conditions.of(tenant, "Accepted")
                .filter(accepted -> "CapacityExceeded".equals(accepted.reason()))
                .isPresent();
    }
}
