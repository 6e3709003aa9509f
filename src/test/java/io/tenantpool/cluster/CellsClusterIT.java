package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CellsClusterIT {
    private static final String DOOR = "transaction";
    private static final String CELLS_OF_TWO = """
              listeners: [{name: transaction, port: 6432, replicas: 1, defaultPoolSize: 2}]
              cells: {maxTenants: 2}
              allowedTenants: {namespaces: {from: All}, dedicated: true}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void fiveTenantsInCellsOfTwoStayWhereTheyAreAndAnEmptyCellGoes() {
        PoolerStage stage = STAGES.with("{max: 100}", CELLS_OF_TWO);
        List<TestTenant> tenants = stage.tenants().named("cellmate", 5);
        stage.tenants().prepare(tenants);
        stage.tenants().applyAtOnce(tenants);
        stage.tenants().awaitReady(tenants);

        Map<String, String> cells = cells(stage);
        assertThat(new TreeMap<>(cells.values().stream().collect(Collectors.groupingBy(c -> c, Collectors.counting()))))
                .isEqualTo(Map.of("0", 2L, "1", 2L, "2", 1L));
        expectEachInItsOwnCellOnly(stage, tenants, cells);
        Map<String, String> deployments = deployments(stage);
        assertThat(deployments).hasSize(3);

        STAGES.cluster().stopOperator();
        tenants.forEach(tenant -> wipeStatus(stage, tenant));
        STAGES.cluster().operator();

        stage.tenants().awaitReady(tenants);
        assertThat(cells(stage)).isEqualTo(cells);
        assertThat(deployments(stage)).isEqualTo(deployments);
        expectEachInItsOwnCellOnly(stage, tenants, cells);

        tenants.stream().filter(tenant -> "1".equals(cells.get(tenant.name()))).forEach(stage.tenants()::delete);

        await("the empty cell is gone")
                .atMost(PoolerStage.PATIENCE)
                .untilAsserted(() -> assertThat(stage.door(DOOR, "1").objects()).isEmpty());
        List<TestTenant> left = tenants.stream()
                .filter(tenant -> !"1".equals(cells.get(tenant.name())))
                .toList();
        expectEachInItsOwnCellOnly(stage, left, cells);
        // The others were not touched, and nobody moved to fill the gap.
        assertThat(deployments(stage)).hasSize(2);
        assertThat(deployments).containsAllEntriesOf(deployments(stage));
        assertThat(cells).containsAllEntriesOf(cells(stage));
    }

    @Test
    void aDedicatedTenantHasPoolersOfItsOwnAndItsBindingPointsThere() {
        PoolerStage stage = STAGES.with("{max: 100}", CELLS_OF_TWO);
        TestTenant shared = stage.ready("shared");
        TestTenant alone = stage.ready("alone", "isolation: Dedicated");

        String cell = Objects.requireNonNull(cells(stage).get(alone.name()));
        assertThat(cell).isNotEqualTo(cells(stage).get(shared.name()));
        assertThat(stage.door(DOOR, cell).objects().stream().map(object -> object.split("/", 2)[0]))
                .contains(
                        "Deployment",
                        "Service",
                        "Secret",
                        "ConfigMap",
                        "ServiceAccount",
                        "PodDisruptionBudget",
                        "NetworkPolicy");
        Map<String, String> binding = stage.tenants().binding(alone).orElseThrow();
        PoolerLogin published = PoolerLogin.of(binding.getOrDefault("uri", ""));
        assertThat(published.host())
                .isEqualTo(stage.door(DOOR, cell)
                                .service()
                                .orElseThrow()
                                .getMetadata()
                                .getName() + "." + stage.namespace() + ".svc");
        assertThat(published.through(stage.door(DOOR, cell).address()).refusal())
                .isEmpty();
        assertThat(stage.door(DOOR).login(alone).refusal()).isPresent();
        assertThat(stage.door(DOOR, cell).login(shared).refusal()).isPresent();

        stage.tenants().delete(alone);
        await("its poolers are gone").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.door(DOOR, cell).objects())
                .isEmpty());
        assertThat(stage.door(DOOR).refusals(shared)).isEmpty();
    }

    @Test
    void aDedicatedTenantIsRefusedWhereThePlatformTeamDoesNotAllowIt() {
        PoolerStage stage = STAGES.with("{max: 100}", CELLS_OF_TWO.replace(", dedicated: true", ""));
        TestTenant tenant = stage.tenants().named("alone");
        stage.tenants().prepare(List.of(tenant));

        stage.apply(tenant, "isolation: Dedicated");

        assertThat(stage.awaitReason(tenant, "Accepted", "DedicatedNotAllowed").status())
                .isEqualTo("False");
        assertThat(stage.client()
                        .apps()
                        .deployments()
                        .inNamespace(stage.namespace())
                        .list()
                        .getItems())
                .noneMatch(deployment -> Objects.requireNonNullElse(
                                deployment.getMetadata().getLabels().get("tenantpool.io/cell"), "")
                        .startsWith("0d"));
    }

    private static void expectEachInItsOwnCellOnly(
            PoolerStage stage, List<TestTenant> tenants, Map<String, String> cells) {
        TreeSet<String> all = new TreeSet<>(
                tenants.stream().map(tenant -> cells.get(tenant.name())).toList());
        for (TestTenant tenant : tenants) {
            for (String cell : all) {
                boolean home = cell.equals(cells.get(tenant.name()));
                assertThat(stage.door(DOOR, cell).login(tenant).refusal().isEmpty())
                        .as("%s gets in at cell %s", tenant.name(), cell)
                        .isEqualTo(home);
            }
        }
    }

    private static Map<String, String> cells(PoolerStage stage) {
        return stage.tenants().tenants().list().getItems().stream()
                .collect(Collectors.toMap(
                        tenant -> tenant.getMetadata().getName(),
                        tenant -> Objects.requireNonNullElse(tenant.<String>get("status", "placement", "cell"), "")));
    }

    private static Map<String, String> deployments(PoolerStage stage) {
        return stage.client().apps().deployments().inNamespace(stage.namespace()).list().getItems().stream()
                .collect(Collectors.toMap(
                        deployment -> deployment.getMetadata().getName(),
                        deployment -> deployment.getMetadata().getUid()));
    }

    private static void wipeStatus(PoolerStage stage, TestTenant tenant) {
        GenericKubernetesResource wiped = stage.tenants()
                .tenants()
                .withName(tenant.name())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
        assertThat(wiped.<Object>get("status", "placement")).isNull();
    }
}
