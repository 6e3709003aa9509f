package io.tenantpool.app;

import static io.tenantpool.testing.Fleet.SESSION;
import static io.tenantpool.testing.Fleet.TRANSACTION;
import static io.tenantpool.testing.Fleet.numbers;
import static io.tenantpool.testing.Fleet.pooler;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tenantpool.naming.Labels;
import io.tenantpool.testing.Fleet;
import io.tenantpool.testing.FleetFootprint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three cells with two doors each, and what one change costs all of them. */
class FleetOperandIT {
    private static final int PER_CELL = 20;
    /** The last cell has room for those that a test creates. */
    private static final int TENANTS = 3 * PER_CELL - 6;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(2);
    /** A restarted operator has looked at everything by then. */
    private static final Duration QUIET_AFTER_START = Duration.ofSeconds(6);

    @SuppressWarnings("NullAway.Init")
    private static Fleet fleet;

    /** The numbers of the tenants that are there from the beginning, by their cell. */
    private static Map<Integer, List<Integer>> tenants = Map.of();

    @SuppressWarnings("NullAway.Init")
    private FleetFootprint before;

    @BeforeAll
    static void start() {
        fleet = Fleet.start(PER_CELL, Map.of());
        fleet.prepare(0, 3 * PER_CELL);
        fleet.create(numbers(0, TENANTS));
        fleet.awaitReady(numbers(0, TENANTS), 1, PATIENCE);
        tenants = numbers(0, TENANTS).stream().collect(Collectors.groupingBy(fleet::cellOf));
    }

    @AfterAll
    static void stop() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
    }

    @BeforeEach
    void rest() {
        before = fleet.atRest(QUIET, PATIENCE);
    }

    @Test
    void a_new_tenant_costs_one_write_on_each_door_of_its_cell_and_nothing_elsewhere() {
        fleet.create(TENANTS);
        fleet.awaitReady(List.of(TENANTS), 1, PATIENCE);

        assertOneWriteOnEachDoorOf(fleet.cellOf(TENANTS));
    }

    @Test
    void a_larger_pool_costs_one_write_on_each_door_of_its_cell_and_nothing_elsewhere() {
        int tenant = tenantOf(1, 0);
        fleet.resize(tenant, 5);
        fleet.awaitReady(List.of(tenant), 2, PATIENCE);

        assertOneWriteOnEachDoorOf(1);
    }

    @Test
    void a_deletion_costs_one_write_on_each_door_of_its_cell_and_nothing_elsewhere() {
        fleet.delete(tenantOf(0, 1));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(fleet.footprint().since(before).reloads()).hasSize(2));

        assertOneWriteOnEachDoorOf(0);
    }

    @Test
    void many_changes_of_one_cell_leave_the_others_alone() {
        List<Integer> changed =
                IntStream.range(1, 6).mapToObj(i -> tenantOf(1, i)).toList();
        changed.forEach(tenant -> fleet.resize(tenant, 4));
        fleet.awaitReady(changed, 2, PATIENCE);

        FleetFootprint cost = fleet.atRest(QUIET, PATIENCE).since(before);
        assertThat(cost.secretWrites().keySet()).isEqualTo(doorsOf(1));
        assertThat(cost.reloads().keySet()).isEqualTo(doorsOf(1));
    }

    @Test
    void secrets_are_listed_and_watched_by_label_alone_and_got_by_the_names_of_poolers() {
        assertThat(fleet.api().reads())
                .filteredOn(read -> read.contains("/secrets"))
                .isNotEmpty()
                .allSatisfy(read -> assertThat(read)
                        .matches("/api/v1/secrets\\?(" + Labels.SELECT_CREDENTIALS + "|" + Labels.SELECT_POOLER + "|"
                                + Labels.SELECT_BINDING + ")"
                                + "|/api/v1/namespaces/" + Fleet.POOLERS + "/secrets/" + Fleet.CLUSTER + "[-.].*"));
    }

    @Test
    void a_restart_of_the_operator_costs_no_write_and_no_reload() {
        fleet.restartOperator();

        FleetFootprint after = fleet.atRest(QUIET_AFTER_START, PATIENCE);
        assertThat(after.since(before)).isEqualTo(new FleetFootprint(Map.of(), Map.of()));
    }

    @Test
    void what_somebody_changed_or_deleted_in_one_cell_is_repaired_with_no_reload() {
        var budgets = fleet.api().client().policy().v1().podDisruptionBudget().inNamespace(Fleet.POOLERS);
        var services = fleet.api().client().services().inNamespace(Fleet.POOLERS);
        String changed = pooler(1, SESSION);
        String deleted = pooler(2, TRANSACTION);
        var wanted =
                services.withName(changed).get().getSpec().getPorts().get(0).getPort();
        budgets.withName(deleted).delete();
        services.withName(changed).edit(service -> service.edit()
                .editSpec()
                .editFirstPort()
                .withPort(9999)
                .endPort()
                .endSpec()
                .build());

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(fleet.api().get(PodDisruptionBudget.class, Fleet.POOLERS, deleted))
                    .isPresent();
            assertThat(fleet.api()
                            .get(Service.class, Fleet.POOLERS, changed)
                            .orElseThrow()
                            .getSpec()
                            .getPorts())
                    .extracting(port -> port.getPort())
                    .containsExactly(wanted);
        });
        assertThat(fleet.atRest(QUIET, PATIENCE).since(before)).isEqualTo(new FleetFootprint(Map.of(), Map.of()));
    }

    private void assertOneWriteOnEachDoorOf(int cell) {
        FleetFootprint cost = fleet.atRest(QUIET, PATIENCE).since(before);
        assertThat(cost.secretWrites())
                .containsOnly(Map.entry(pooler(cell, SESSION), 1L), Map.entry(pooler(cell, TRANSACTION), 1L));
        assertThat(cost.reloads().keySet()).isEqualTo(doorsOf(cell));
        assertThat(fleet.failures()).isEmpty();
    }

    private static Set<String> doorsOf(int cell) {
        return Set.of(pooler(cell, SESSION), pooler(cell, TRANSACTION));
    }

    private static int tenantOf(int cell, int index) {
        return tenants.getOrDefault(cell, List.of()).get(index);
    }
}
