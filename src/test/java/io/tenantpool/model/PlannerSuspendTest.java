package io.tenantpool.model;

import static io.tenantpool.testing.PlannedWorld.cluster;
import static io.tenantpool.testing.PlannedWorld.committed;
import static io.tenantpool.testing.PlannedWorld.pods;
import static io.tenantpool.testing.PlannedWorld.refusal;
import static io.tenantpool.testing.PlannedWorld.suspended;
import static io.tenantpool.testing.PlannedWorld.tenant;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.Resolution.Leaving;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tenants that are suspended, or that are deleted and let their clients finish. */
class PlannerSuspendTest {
    private final PlannedWorld world = new PlannedWorld(cluster(80, pods(2)));

    @Test
    void a_suspended_tenant_has_no_pool_and_keeps_its_names_and_its_size() {
        world.plan(tenant("a", 20));

        world.plan(suspended(tenant("a", 20), 0));
        var plan = world.plan(suspended(tenant("a", 20), 0), thief());

        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(world.placed("a").grant().poolSize()).isEqualTo(20);
        assertThat(refusal(plan, "thief")).startsWith("PoolNameTaken");
        assertThat(verdict(plan, "a").served()).isFalse();
        assertThat(verdict(plan, "a").finding()).isNull();
        assertThat(committed(plan)).isZero();
    }

    @Test
    void the_role_of_a_suspended_tenant_becomes_a_tombstone_and_comes_back_with_it() {
        world.plan(tenant("a", 20));

        var off = world.plan(suspended(tenant("a", 20), 0));
        var on = world.plan(tenant("a", 20));

        assertThat(off.poolers().get(0).tombstones()).containsOnlyKeys("a");
        assertThat(on.poolers().get(0).tombstones()).isEmpty();
        assertThat(world.placed("a").standing()).isEqualTo(Standing.SERVING);
    }

    @Test
    void a_suspended_tenant_that_returns_waits_when_others_took_its_room() {
        world.plan(tenant("a", 40)); // 20 x 4 = 80
        world.plan(suspended(tenant("a", 40), 0));
        world.plan(suspended(tenant("a", 40), 0), tenant("b", 2));

        var plan = world.plan(tenant("a", 40), tenant("b", 2));

        assertThat(refusal(plan, "a")).startsWith("CapacityExceeded");
        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(refusal(world.plan(tenant("a", 38), tenant("b", 2)), "a")).isEmpty();
    }

    @Test
    void a_tenant_that_begins_suspended_holds_its_names_and_takes_no_room() {
        var plan = world.plan(suspended(tenant("a", 40), 0), tenant("b", 40), thief());

        assertThat(refusal(plan, "b")).isEmpty();
        assertThat(refusal(plan, "thief")).startsWith("PoolNameTaken");
        assertThat(plan.poolers().get(0).tombstones()).containsKey("a");
    }

    @Test
    void with_time_to_finish_a_suspended_tenant_refuses_logins_until_its_clients_are_gone() {
        world.plan(tenant("a", 20));

        var plan = world.plan(suspended(tenant("a", 20), 30));
        assertThat(world.placed("a").standing()).isEqualTo(Standing.draining(Given.NOW.plusSeconds(30)));
        assertThat(committed(plan)).isEqualTo(40);

        world.passes(10);
        world.plan(suspended(tenant("a", 20), 30));
        assertThat(world.placed("a").standing()).isEqualTo(Standing.draining(Given.NOW.plusSeconds(30)));

        world.empty("transaction", "a");
        world.plan(suspended(tenant("a", 20), 30));
        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void the_time_to_finish_ends_though_clients_stay_and_though_the_operator_restarts() {
        world.plan(tenant("a", 20));
        world.plan(suspended(tenant("a", 20), 30));
        world.podsUnknown();
        world.passes(29);
        world.plan(suspended(tenant("a", 20), 30));
        assertThat(world.placed("a").standing().hasPool()).isTrue();

        world.passes(1);
        world.plan(suspended(tenant("a", 20), 30));

        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void who_takes_the_time_to_finish_back_ends_it_at_once() {
        world.plan(tenant("a", 20));
        world.plan(suspended(tenant("a", 20), 3600));

        world.plan(suspended(tenant("a", 20), 0));

        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void a_tenant_that_returns_while_it_is_drained_serves_on_with_what_it_had() {
        world.plan(tenant("a", 40));
        world.plan(suspended(tenant("a", 40), 30), tenant("waits", 2));

        var plan = world.plan(tenant("a", 40), tenant("waits", 2));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(world.placed("a").standing()).isEqualTo(Standing.SERVING);
        assertThat(refusal(plan, "waits")).startsWith("CapacityExceeded");
    }

    @Test
    void new_rules_of_the_platform_team_keep_nobody_from_suspending() {
        world.plan(tenant("a", 20));
        world.edit(cluster(new Contract(80, 0, 100, false), new Admission(false, 0, 1), 500, pods(2)));

        var plan = world.plan(suspended(tenant("a", 30), 0));

        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(refusal(plan, "a")).isEmpty();
    }

    @Test
    void the_room_of_a_drain_that_is_over_is_not_given_away_with_the_very_plan_that_ends_it() {
        world.plan(tenant("a", 40));
        world.plan(suspended(tenant("a", 40), 30));
        world.passes(30);

        var plan = world.plan(suspended(tenant("a", 40), 30), tenant("waits", 2));

        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(refusal(plan, "waits")).startsWith("CapacityExceeded");
    }

    @Test
    void a_drain_that_is_over_ends_for_a_tenant_of_which_nothing_else_is_known_and_frees_its_room_later() {
        world.plan(tenant("a", 40));
        world.plan(suspended(tenant("a", 40), 30));
        world.passes(30);

        var plan = world.plan(tenant("waits", 2));

        assertThat(world.placed("a").standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(refusal(plan, "waits")).startsWith("CapacityExceeded");
        assertThat(refusal(world.plan(tenant("waits", 2)), "waits")).isEmpty();
    }

    @Test
    void a_tenant_that_returns_smaller_when_its_drain_is_over_counts_with_what_pods_still_hold() {
        world.plan(tenant("a", 40));
        world.plan(suspended(tenant("a", 40), 30));
        world.passes(30);

        var plan = world.plan(tenant("a", 2), tenant("waits", 20));

        assertThat(world.placed("a").grant()).isEqualTo(new PoolGrant(2, 1, 20, 0));
        assertThat(refusal(plan, "waits")).startsWith("CapacityExceeded");
    }

    @Test
    void a_deleted_tenant_refuses_logins_until_its_clients_are_gone_and_keeps_its_names_and_room() {
        world.plan(tenant("a", 40));
        var leaving = leaving("a", 60);

        var plan = world.plan(List.of(leaving, resolved(tenant("b", 40)), resolved(thief())), Set.of());
        assertThat(world.placed("a").standing()).isEqualTo(Standing.draining(Given.NOW.plusSeconds(60)));
        assertThat(verdict(plan, "a").served()).isTrue();
        assertThat(refusal(plan, "b")).startsWith("CapacityExceeded");
        assertThat(refusal(plan, "thief")).startsWith("PoolNameTaken");

        world.empty("transaction", "a");
        plan = world.plan(List.of(leaving), Set.of());
        assertThat(verdict(plan, "a").served()).isFalse();
        assertThat(world.cell("uid-a")).isEmpty();
        assertThat(plan.poolers().get(0).tombstones()).containsOnlyKeys("a");
    }

    @Test
    void a_deleted_tenant_whose_logins_are_not_refused_yet_is_not_empty() {
        world.plan(tenant("a", 40));
        world.empty("transaction", "a"); // of an earlier drain

        world.plan(List.of(leaving("a", 60)), Set.of());

        assertThat(world.placed("a").standing().hasPool()).isTrue();
    }

    @Test
    void a_deleted_tenant_goes_when_its_time_is_up() {
        world.plan(tenant("a", 40));
        world.plan(List.of(leaving("a", 60)), Set.of());
        world.passes(60);

        var plan = world.plan(List.of(leaving("a", 60)), Set.of());

        assertThat(verdict(plan, "a")).isEqualTo(Verdict.gone(Given.id("a"), 9));
        assertThat(world.cell("uid-a")).isEmpty();
    }

    @Test
    void a_suspended_tenant_that_is_deleted_waits_for_nobody() {
        world.plan(suspended(tenant("a", 40), 0));

        var plan = world.plan(List.of(leaving("a", 3600)), Set.of());

        assertThat(verdict(plan, "a").served()).isFalse();
        assertThat(world.cell("uid-a")).isEmpty();
    }

    @Test
    void a_deleted_tenant_that_was_never_served_goes_at_once() {
        var plan = world.plan(List.of(leaving("a", 3600)), Set.of());

        assertThat(verdict(plan, "a")).isEqualTo(Verdict.gone(Given.id("a"), 9));
    }

    private static TenantModel thief() {
        var model = Given.tenant("thief", "a", Given.role("thief"));
        return PlannedWorld.on(model, Given.modelDoor("transaction", 2, null));
    }

    private static Leaving leaving(String name, int seconds) {
        return new Leaving(Given.id(name), 9, "2026-01-01T00:00:00Z", Given.NOW.plusSeconds(seconds));
    }

    private static Resolution resolved(TenantModel tenant) {
        return new Resolution.Resolved(tenant);
    }

    private static Verdict verdict(Plan plan, String name) {
        return requireNonNull(plan.verdicts().get(Given.id(name).uid()));
    }
}
