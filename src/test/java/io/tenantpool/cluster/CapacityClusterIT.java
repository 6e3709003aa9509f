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

/** The arithmetic of story 2, as manifests/samples/capacity.yaml has it. */
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
