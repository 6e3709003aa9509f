package io.tenantpool.model;

import static io.tenantpool.testing.PlannedWorld.cluster;
import static io.tenantpool.testing.PlannedWorld.committed;
import static io.tenantpool.testing.PlannedWorld.on;
import static io.tenantpool.testing.PlannedWorld.pods;
import static io.tenantpool.testing.PlannedWorld.refusal;
import static io.tenantpool.testing.PlannedWorld.sessionPods;
import static io.tenantpool.testing.PlannedWorld.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was granted stays, whatever others or the platform team do. */
class PlannerKeepsTest {
    @Test
    void a_raise_that_does_not_fit_leaves_the_old_pool_serving_and_says_so() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("a", 20), tenant("b", 20)); // 10 x 4 = 40 each

        var plan = world.plan(tenant("a", 22), tenant("b", 20));

        assertThat(refusal(plan, "a")).startsWith("CapacityExceeded").contains("the pool of 20 keeps serving");
        assertThat(world.placed("a").grant()).isEqualTo(new PoolGrant(20, 10, 10, 0));
        assertThat(committed(plan)).isEqualTo(80);
    }

    @Test
    void a_rotated_password_and_new_limits_arrive_with_a_raise_that_does_not_fit() {
        var world = new PlannedWorld(cluster(40, pods(2)));
        world.plan(tenant("a", 20));
        var rotated = new Role("a", new Secret("rotated"), "team-a/a-db");

        var plan = world.plan(on(Given.tenant("a", "a", rotated), Given.modelDoor("transaction", 40, 7)));

        assertThat(refusal(plan, "a")).startsWith("CapacityExceeded");
        assertThat(world.placed("a").roles()).containsExactly(rotated);
        assertThat(world.placed("a").limits().maxClientConnectionsPerPod()).isEqualTo(7);
        assertThat(world.perPod("a")).isEqualTo(10);
    }

    @Test
    void another_door_that_does_not_fit_leaves_those_that_serve() {
        var world = new PlannedWorld(cluster(60, pods(2), sessionPods(2)));
        world.plan(tenant("a", 20));

        var plan = world.plan(on(tenant("a", 20), Given.modelDoor("session", 10, null)));

        assertThat(refusal(plan, "a")).startsWith("CapacityExceeded").contains("spec.listeners[session]");
        assertThat(world.perPod("a")).isEqualTo(10);
        assertThat(world.held("uid-a", "session")).isEmpty();
    }

    @Test
    void a_smaller_contract_takes_nothing_away_and_shows_what_is_promised_too_much() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("a", 20), tenant("b", 20));
        world.edit(cluster(30, pods(2)));

        var plan = world.plan(tenant("a", 20), tenant("b", 20), tenant("new", 1));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(refusal(plan, "b")).isEmpty();
        assertThat(refusal(plan, "new")).startsWith("CapacityExceeded");
        assertThat(plan.budget()).singleElement().satisfies(line -> assertThat(line.isExceeded())
                .isTrue());
    }

    @Test
    void more_replicas_divide_the_pool_anew_and_their_room_counts_until_the_pods_let_go() {
        var world = new PlannedWorld(cluster(80, pods(2)));
        world.plan(tenant("a", 20), tenant("b", 20));
        world.edit(cluster(80, pods(5)));

        var plan = world.plan(tenant("a", 20), tenant("b", 20));

        assertThat(world.placed("a").grant()).isEqualTo(new PoolGrant(20, 4, 10, 0));
        assertThat(committed(plan)).isEqualTo(2 * 10 * (5 + 2));
        world.settled("transaction", "a", "b");
        assertThat(committed(world.plan(tenant("a", 20), tenant("b", 20)))).isEqualTo(2 * 4 * (5 + 2));
    }

    @Test
    void fewer_replicas_leave_a_tenant_all_of_its_pool_though_others_took_the_room() {
        // 20 over 5 pods are 4 x 7 = 28 each; over 2 pods 10 x 4 = 40 each, of which 60 hold one and a half.
        var world = new PlannedWorld(cluster(60, pods(5)));
        world.plan(tenant("a", 20), tenant("b", 20));
        world.edit(cluster(60, pods(2)));

        var plan = world.plan(tenant("a", 20), tenant("b", 20));

        assertThat(world.perPod("a")).isEqualTo(10);
        assertThat(world.perPod("b")).isEqualTo(10);
        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(plan.budget()).singleElement().satisfies(line -> assertThat(line.isExceeded())
                .isTrue());
    }

    @Test
    void a_refused_raise_does_not_keep_the_old_pool_from_being_divided_among_other_pods() {
        var world = new PlannedWorld(cluster(40, pods(2)));
        world.plan(tenant("a", 20));
        world.plan(tenant("a", 100));
        world.edit(cluster(40, pods(5)));

        world.plan(tenant("a", 100));

        // 10 on each of 5 pods would be 50 connections of a tenant that was granted 20.
        assertThat(world.placed("a").grant()).isEqualTo(new PoolGrant(20, 4, 10, 0));
    }

    @Test
    void a_smaller_largest_pool_keeps_who_has_more_and_refuses_who_asks_for_more() {
        var world = new PlannedWorld(cluster(1000, pods(2)));
        world.plan(tenant("a", 40), tenant("b", 40));
        world.edit(cluster(new Contract(1000, 0, 100, false), new Admission(false, null, 20), 500, pods(2)));

        var plan = world.plan(tenant("a", 40), tenant("b", 41), tenant("new", 21), tenant("small", 20));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(refusal(plan, "b")).startsWith("PoolSizeNotAllowed");
        assertThat(world.perPod("b")).isEqualTo(20);
        assertThat(refusal(plan, "new")).startsWith("PoolSizeNotAllowed").contains("21", "20", "maxPoolSize");
        assertThat(refusal(plan, "small")).isEmpty();
    }

    @Test
    void fewer_tenants_of_a_namespace_keep_who_is_there_and_refuse_the_next_one() {
        var world = new PlannedWorld(cluster(1000, pods(2)));
        world.plan(tenant("a", 2), tenant("b", 2), tenant("c", 2));
        world.edit(cluster(new Contract(1000, 0, 100, false), new Admission(false, 2, null), 500, pods(2)));

        var plan = world.plan(tenant("a", 2), tenant("b", 2), tenant("c", 2), tenant("d", 2));

        assertThat(List.of(refusal(plan, "a"), refusal(plan, "b"), refusal(plan, "c")))
                .containsOnly("");
        assertThat(refusal(plan, "d")).startsWith("NamespaceFull").contains("3 Tenants", "maxPerNamespace");
    }

    @Test
    void a_namespace_is_full_only_of_tenants_that_are_let_in() {
        var world =
                new PlannedWorld(cluster(new Contract(40, 0, 100, false), new Admission(false, 1, null), 500, pods(2)));

        var plan = world.plan(tenant("a", 100), tenant("b", 20));

        assertThat(refusal(plan, "a")).startsWith("CapacityExceeded");
        assertThat(refusal(plan, "b")).isEmpty();
    }

    @Test
    void a_tenant_of_its_own_pods_keeps_them_when_dedicated_is_switched_off() {
        var contract = new Contract(1000, 0, 100, false);
        var world = new PlannedWorld(cluster(contract, new Admission(true, null, null), 500, pods(2)));
        world.plan(dedicated("a"));
        var cell = world.cell("uid-a");
        world.edit(cluster(contract, Admission.OPEN, 500, pods(2)));

        var plan = world.plan(dedicated("a"), dedicated("b"));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(world.cell("uid-a")).isEqualTo(cell).hasValueSatisfying(c -> assertThat(c)
                .isNotEqualTo("0"));
        assertThat(refusal(plan, "b")).startsWith("DedicatedNotAllowed");
    }

    @Test
    void the_timestamps_of_a_restored_backup_take_nothing_away() {
        var world = new PlannedWorld(cluster(40, pods(2)));
        world.plan(tenant("a", 20));
        var older = new TenantModel(
                Given.id("older"),
                1,
                "1999-01-01T00:00:00Z",
                "older",
                "older",
                Given.UPSTREAM,
                List.of(Given.role("older")),
                tenant("older", 20).doors(),
                false,
                false,
                0);

        var plan = world.plan(older, tenant("a", 20));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(refusal(plan, "older")).startsWith("CapacityExceeded");
    }

    @Test
    void a_tenant_without_a_door_is_told_so_and_disturbs_nobody() {
        var readOnly = new ListenerModel("ro", "Transaction", Upstream.Role.Replica, 6432, 2, 2, null, 1000, 20, 60);
        var world = new PlannedWorld(cluster(40, readOnly));

        var plan = world.plan(on(tenant("a", 20)));

        assertThat(refusal(plan, "a")).startsWith("NoReplica");
    }

    private static TenantModel dedicated(String name) {
        var t = tenant(name, 20);
        return new TenantModel(
                t.id(), 1, t.created(), t.poolName(), t.database(), t.upstream(), t.roles(), t.doors(), true, false, 0);
    }
}
