package io.tenantpool.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolUsage;
import io.tenantpool.model.PoolerId;
import io.tenantpool.testing.Given;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the readings of many pods say of a door and of a tenant. */
class PoolsReportTest {
    private static final PoolerId TRANSACTION = Given.pooler("transaction");

    @Test
    void a_door_is_the_sum_of_its_tenants_on_all_pods() {
        var door = door(pooler(
                TRANSACTION,
                List.of(share("acme", 10), share("other", 3)),
                2,
                Map.of("a", Map.of("acme", used(9), "other", used(3)), "b", Map.of("acme", used(6)))));

        assertThat(door.size()).isEqualTo(26);
        assertThat(door.checkedOut()).isEqualTo(18);
        assertThat(door.utilization()).isEqualTo(69.2);
        assertThat(door.pods()).isEqualTo(new PoolsReport.Pods(2, 2));
        assertThat(door.fullestPod()).isEqualTo(new PoolsReport.Pod("a", 13, 12, 92.3, 0));
    }

    @Test
    void a_tenant_is_told_apart_from_the_others_of_its_door() {
        var door = door(pooler(
                TRANSACTION,
                List.of(share("acme", 10), share("other", 3)),
                2,
                Map.of("a", Map.of("acme", used(4), "other", used(3)), "b", Map.of("acme", used(7)))));

        assertThat(door.tenants()).containsOnlyKeys("team-a/acme", "team-a/other");
        assertThat(door.tenants().get("team-a/acme"))
                .isEqualTo(new PoolsReport.TenantPool(
                        "acme", 20, 11, 55.0, 0, 0, Level.OK, new PoolsReport.Pod("b", 10, 7, 70.0, 0)));
    }

    @Test
    void a_pool_that_belongs_to_no_tenant_any_more_is_left_out() {
        var door = door(pooler(
                TRANSACTION, List.of(share("acme", 10)), 1, Map.of("a", Map.of("acme", used(1), "gone", used(5)))));

        assertThat(door.checkedOut()).isEqualTo(1);
        assertThat(door.tenants()).containsOnlyKeys("team-a/acme");
    }

    @Test
    void a_door_spans_all_cells() {
        var door = door(
                pooler(TRANSACTION, List.of(share("acme", 10)), 1, Map.of("a", Map.of("acme", used(2)))),
                pooler(cell("1"), List.of(share("other", 4)), 2, Map.of("b", Map.of("other", used(3)))));

        assertThat(door.size()).isEqualTo(14);
        assertThat(door.checkedOut()).isEqualTo(5);
        assertThat(door.pods()).isEqualTo(new PoolsReport.Pods(3, 2));
        assertThat(door.fullestPod()).isEqualTo(new PoolsReport.Pod("b", 4, 3, 75.0, 0));
        assertThat(door.tenants()).containsOnlyKeys("team-a/acme", "team-a/other");
    }

    @Test
    void a_tenant_that_moves_is_counted_in_both_cells() {
        var door = door(
                pooler(TRANSACTION, List.of(share("acme", 10)), 1, Map.of("a", Map.of("acme", used(2)))),
                pooler(cell("1"), List.of(share("acme", 10)), 1, Map.of("b", Map.of("acme", used(8)))));

        assertThat(door.tenants().get("team-a/acme"))
                .isEqualTo(new PoolsReport.TenantPool(
                        "acme", 20, 10, 50.0, 0, 0, Level.WARNING, new PoolsReport.Pod("b", 10, 8, 80.0, 0)));
    }

    @Test
    void doors_are_kept_apart() {
        var report = PoolsReport.of(
                "poolers/main",
                List.of(
                        pooler(TRANSACTION, List.of(share("acme", 10)), 1, Map.of("a", Map.of("acme", used(2)))),
                        pooler(
                                Given.pooler("session"),
                                List.of(share("acme", 5)),
                                1,
                                Map.of("b", Map.of("acme", used(5))))));

        assertThat(report.doors()).containsOnlyKeys("session", "transaction");
        assertThat(Objects.requireNonNull(report.doors().get("session")).utilization())
                .isEqualTo(100);
        assertThat(Objects.requireNonNull(report.doors().get("transaction")).utilization())
                .isEqualTo(20);
    }

    @Test
    void a_pod_that_gave_no_answer_adds_nothing_to_the_size() {
        var door = door(pooler(TRANSACTION, List.of(share("acme", 10)), 3, Map.of("a", Map.of("acme", used(5)))));

        assertThat(door.size()).isEqualTo(10);
        assertThat(door.utilization()).isEqualTo(50);
        assertThat(door.pods()).isEqualTo(new PoolsReport.Pods(3, 1));
    }

    @Test
    void a_door_without_an_answer_is_not_called_fine() {
        var door = door(pooler(TRANSACTION, List.of(share("acme", 10)), 2, Map.of()));

        assertThat(door.level()).isEqualTo(Level.UNKNOWN);
        assertThat(door.fullestPod()).isNull();
        assertThat(tenant(door).level()).isEqualTo(Level.UNKNOWN);
    }

    @Test
    void a_door_without_tenants_is_fine() {
        var door = door(pooler(TRANSACTION, List.of(), 1, Map.of("a", Map.of())));

        assertThat(door.level()).isEqualTo(Level.OK);
        assertThat(door.utilization()).isZero();
    }

    @ParameterizedTest(name = "{0} of 1000 in use: {1} %, {2}")
    @CsvSource({
        "0, 0, OK",
        "749, 74.9, OK",
        "750, 75, WARNING",
        "899, 89.9, WARNING",
        "900, 90, CRITICAL",
        "1000, 100, CRITICAL",
        "1200, 120, CRITICAL"
    })
    void the_level_follows_the_utilization(int checkedOut, double utilization, Level level) {
        var door = door(
                pooler(TRANSACTION, List.of(share("acme", 1000)), 1, Map.of("a", Map.of("acme", used(checkedOut)))));

        assertThat(door.utilization()).isEqualTo(utilization);
        assertThat(door.level()).isEqualTo(level);
        assertThat(tenant(door).level()).isEqualTo(level);
    }

    @Test
    void the_fullest_pod_raises_the_level() {
        var door = door(pooler(
                TRANSACTION,
                List.of(share("acme", 10)),
                2,
                Map.of("a", Map.of("acme", used(9)), "b", Map.of("acme", used(0)))));

        assertThat(door.utilization()).isEqualTo(45);
        assertThat(door.level()).isEqualTo(Level.CRITICAL);
    }

    @ParameterizedTest(name = "a client waits for {0} ms: {1}")
    @CsvSource({"0, OK", "5000, OK", "5001, EMERGENCY", "9000, EMERGENCY"})
    void a_client_that_waits_long_is_an_emergency(long millis, Level level) {
        var usage = new PoolUsage(1, 1, 3, 2, Duration.ofMillis(millis));
        var door = door(pooler(
                TRANSACTION,
                List.of(share("acme", 10), share("other", 10)),
                2,
                Map.of("a", Map.of("acme", usage), "b", Map.of("acme", used(1)))));

        assertThat(door.level()).isEqualTo(level);
        assertThat(door.waiting()).isEqualTo(2);
        assertThat(tenant(door).level()).isEqualTo(level);
        assertThat(Objects.requireNonNull(door.tenants().get("team-a/other")).level())
                .isEqualTo(Level.OK);
    }

    @Test
    void the_longest_wait_is_rounded_to_tenths_of_a_second() {
        var usage = new PoolUsage(1, 1, 3, 2, Duration.ofMillis(1260));
        var door = door(pooler(TRANSACTION, List.of(share("acme", 10)), 1, Map.of("a", Map.of("acme", usage))));

        assertThat(door.maxWaitSeconds()).isEqualTo(1.3);
    }

    @Test
    void the_report_is_as_old_as_its_oldest_reading() {
        var later = new PoolsReport.Pooler(
                cell("1"), List.of(), new PoolReading(Given.NOW.plusSeconds(3), 1, Map.of("b", Map.of())));

        var report = PoolsReport.of("poolers/main", List.of(later, pooler(TRANSACTION, List.of(), 0, Map.of())));

        assertThat(report.at()).isEqualTo("2026-03-04T05:06:07Z");
    }

    private static PoolsReport.Door door(PoolsReport.Pooler... poolers) {
        var report = PoolsReport.of("poolers/main", List.of(poolers));
        return Objects.requireNonNull(report.doors().get("transaction"));
    }

    private static PoolsReport.TenantPool tenant(PoolsReport.Door door) {
        return Objects.requireNonNull(door.tenants().get("team-a/acme"));
    }

    private static PoolsReport.Pooler pooler(
            PoolerId id, List<PoolShare> shares, int asked, Map<String, Map<String, PoolUsage>> pods) {
        return new PoolsReport.Pooler(id, shares, new PoolReading(Given.NOW, asked, pods));
    }

    private static PoolerId cell(String cell) {
        return new PoolerId(TRANSACTION.namespace(), TRANSACTION.cluster(), cell, TRANSACTION.listener());
    }

    private static PoolShare share(String name, int connections) {
        return new PoolShare(Given.id(name), name, connections);
    }

    private static PoolUsage used(int connections) {
        return new PoolUsage(connections, connections, connections, 0, Duration.ZERO);
    }
}
