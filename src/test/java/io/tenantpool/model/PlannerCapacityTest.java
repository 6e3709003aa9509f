package io.tenantpool.model;

import static io.tenantpool.testing.PlannedWorld.cluster;
import static io.tenantpool.testing.PlannedWorld.committed;
import static io.tenantpool.testing.PlannedWorld.on;
import static io.tenantpool.testing.PlannedWorld.pods;
import static io.tenantpool.testing.PlannedWorld.refusal;
import static io.tenantpool.testing.PlannedWorld.sessionPods;
import static io.tenantpool.testing.PlannedWorld.suspended;
import static io.tenantpool.testing.PlannedWorld.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether what is promised fits into a server, with the arithmetic spelled out. */
class PlannerCapacityTest {
    private static TenantModel[] services(int number, int poolSize) {
        return IntStream.range(0, number)
                .mapToObj(i -> tenant("service-%02d".formatted(i), poolSize))
                .toArray(TenantModel[]::new);
    }

    private static long served(Plan plan) {
        return plan.verdicts().values().stream().filter(Verdict::served).count();
    }

    @Test
    void twelve_services_with_three_pods_of_sixteen_do_not_fit_into_two_hundred() {
        // What they would open without a pooler: 12 x 3 x 16 = 576. Through two poolers with pools of 32, each has
        // 16 on each of 2 + 2 pods = 64, and 3 x 64 = 192 of the 200 are promised to three of them.
        var world = new PlannedWorld(cluster(200, pods(2)));

        var plan = world.plan(services(12, 32));

        assertThat(served(plan)).isEqualTo(3);
        assertThat(committed(plan)).isEqualTo(192);
        assertThat(refusal(plan, "service-03")).startsWith("CapacityExceeded").contains("64", "8 left", "192 of 200");
    }

    @Test
    void twelve_services_with_pools_of_six_over_two_poolers_fit_into_one_hundred_and_eighty() {
        // 6 over 2 pods are 3 on each of at most 2 + 2 pods: 12 x 3 x 4 = 144 of 200 - 20 = 180.
        var world = new PlannedWorld(cluster(new Contract(200, 20, 100, false), Admission.OPEN, 500, pods(2)));

        var plan = world.plan(services(12, 6));

        assertThat(served(plan)).isEqualTo(12);
        assertThat(plan.budget())
                .containsExactly(new BudgetLine(
                        new ServerKey("default", Upstream.Role.Primary), new Contract(200, 20, 100, false), 144));
    }

    @ParameterizedTest(name = "of {0} connections {1} are reserved, {2} % are promised: {3}")
    @CsvSource({"200, 20, 100, 15", "200, 20, 200, 30", "200, 0, 100, 16", "200, 20, 50, 7", "10, 20, 100, 0"})
    void as_many_tenants_are_let_in_as_the_contract_allows(int max, int reserved, int percent, int tenants) {
        // Each takes 3 x (2 + 2) = 12.
        var contract = new Contract(max, reserved, percent, false);
        var world = new PlannedWorld(cluster(contract, Admission.OPEN, 500, pods(2)));

        assertThat(served(world.plan(services(40, 6)))).isEqualTo(tenants);
    }

    @Test
    void an_autoscaled_door_is_counted_with_its_most_pods() {
        // 20 over 2 pods are 10 on each of at most 6 + 2: 80.
        var door = new ListenerModel("transaction", "Transaction", Upstream.Role.Primary, 6432, 2, 6, 70, 1000, 20, 60);

        assertThat(committed(new PlannedWorld(cluster(80, door)).plan(tenant("acme", 20))))
                .isEqualTo(80);
        assertThat(served(new PlannedWorld(cluster(79, door)).plan(tenant("acme", 20))))
                .isZero();
    }

    @Test
    void two_doors_of_one_tenant_count_together_and_come_together() {
        // 10 x (2 + 2) = 40 and min(10, 2 x 10 / 2) = 10 x (2 + 2) = 40.
        var acme = on(tenant("acme", 20), door("transaction", 20), door("session", 10));

        assertThat(committed(new PlannedWorld(cluster(80, pods(2), sessionPods(2))).plan(acme)))
                .isEqualTo(80);
        var tooSmall = new PlannedWorld(cluster(79, pods(2), sessionPods(2)));
        assertThat(served(tooSmall.plan(acme))).isZero();
        assertThat(tooSmall.cell("uid-acme")).isEmpty();
    }

    @Test
    void more_pods_than_the_door_wants_are_counted_as_long_as_they_run() {
        var world = new PlannedWorld(cluster(1000, pods(2)));
        world.plan(tenant("acme", 20));

        world.pods(Given.pooler("transaction"), observation(9, Map.of()));

        assertThat(committed(world.plan(tenant("acme", 20)))).isEqualTo(10 * 9);
    }

    @Test
    void a_tenant_that_did_not_fit_is_let_in_by_itself_when_another_one_shrank_on_every_pod() {
        var world = new PlannedWorld(cluster(100, pods(2)));
        world.plan(tenant("big", 40), tenant("late", 20)); // 20 x 4 = 80; another 10 x 4 = 40 do not fit
        var small = tenant("big", 20);

        var waiting = world.plan(small, tenant("late", 20));
        assertThat(committed(waiting)).isEqualTo(80);
        assertThat(world.perPod("big")).isEqualTo(10);
        assertThat(refusal(waiting, "late")).startsWith("CapacityExceeded");

        world.settled("transaction", "big");
        var done = world.plan(small, tenant("late", 20));
        assertThat(committed(done)).isEqualTo(80);
        assertThat(refusal(done, "late")).isEmpty();
    }

    @Test
    void the_room_of_a_lowered_pool_stays_taken_when_the_operator_restarts_before_the_pods_let_go() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("big", 40));
        world.plan(tenant("big", 20));
        world.podsUnknown();

        var plan = world.plan(tenant("big", 20), tenant("late", 20));

        assertThat(refusal(plan, "late")).startsWith("CapacityExceeded");
    }

    @Test
    void a_pool_that_is_lowered_and_raised_again_takes_nothing_from_anybody() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("big", 40));
        world.plan(tenant("big", 20), tenant("late", 20));

        var plan = world.plan(tenant("big", 40), tenant("late", 20));

        assertThat(refusal(plan, "big")).isEmpty();
        assertThat(refusal(plan, "late")).startsWith("CapacityExceeded");
        assertThat(committed(plan)).isEqualTo(80);
    }

    @Test
    void the_room_of_a_removed_tenant_is_not_given_away_with_the_very_plan_that_removes_it() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("gone", 40), tenant("waits", 40));

        var removing = world.plan(List.of(resolved(tenant("waits", 40))), Set.of("uid-gone"));
        assertThat(refusal(removing, "waits")).startsWith("CapacityExceeded");

        world.pods(Given.pooler("transaction"), observation(2, Map.of("default", 20)));
        var letting = world.plan(tenant("waits", 40));
        assertThat(refusal(letting, "waits")).startsWith("CapacityExceeded");

        world.pods(Given.pooler("transaction"), observation(2, Map.of()));
        assertThat(refusal(world.plan(tenant("waits", 40)), "waits")).isEmpty();
    }

    @Test
    void the_room_of_a_suspended_tenant_is_not_given_away_with_the_very_plan_that_suspends_it() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("a", 40), tenant("waits", 40));

        var plan = world.plan(suspended(tenant("a", 40), 0), tenant("waits", 40));

        assertThat(refusal(plan, "waits")).startsWith("CapacityExceeded");
        assertThat(refusal(world.plan(suspended(tenant("a", 40), 0), tenant("waits", 40)), "waits"))
                .isEmpty();
    }

    @Test
    void the_room_of_a_door_that_a_tenant_leaves_is_not_given_away_with_the_very_plan() {
        var world = new PlannedWorld(cluster(80, pods(2), sessionPods(2)));
        var both = on(tenant("a", 20), door("transaction", 20), door("session", 10));
        world.plan(both, tenant("waits", 20));

        var plan = world.plan(tenant("a", 20), tenant("waits", 20));

        assertThat(refusal(plan, "waits")).startsWith("CapacityExceeded");
        assertThat(refusal(world.plan(tenant("a", 20), tenant("waits", 20)), "waits"))
                .isEmpty();
    }

    @Test
    void nobody_is_let_in_while_the_server_has_not_told_its_connections() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("a", 20));
        world.edit(cluster(new Contract(null, 0, 100, true), Admission.OPEN, 500, pods(2)));

        var plan = world.plan(tenant("a", 20), tenant("new", 2));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(refusal(plan, "new")).startsWith("CapacityUnknown");
    }

    @Test
    void without_a_contract_everybody_is_let_in_and_the_sum_is_shown() {
        var world = new PlannedWorld(cluster(new Contract(null, 0, 100, false), Admission.OPEN, 500, pods(2)));

        var plan = world.plan(services(100, 100));

        assertThat(served(plan)).isEqualTo(100);
        assertThat(committed(plan)).isEqualTo(100 * 50 * 4);
    }

    private static Door door(String listener, int size) {
        return Given.modelDoor(listener, size, null);
    }

    private static Resolution resolved(TenantModel tenant) {
        return new Resolution.Resolved(tenant);
    }

    private static PoolerObservation observation(int pods, Map<String, Integer> stillOpen) {
        return new PoolerObservation(pods, Set.of(), stillOpen, Set.of(), Set.of(), new TreeMap<>());
    }
}
