package io.tenantpool.model;

import static io.tenantpool.testing.PlannedWorld.cluster;
import static io.tenantpool.testing.PlannedWorld.pods;
import static io.tenantpool.testing.PlannedWorld.refusal;
import static io.tenantpool.testing.PlannedWorld.suspended;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pooler has one limit for a role, whichever of its tenants set it. */
class RoleLimitsTest {
    private final PlannedWorld world = new PlannedWorld(cluster(1000, pods(2)));

    @Test
    void tenants_that_share_a_role_and_begin_with_other_limits_do_not_both_come_in() {
        var plan = world.plan(limited("a", 10), limited("b", 20));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(refusal(plan, "b")).startsWith("LimitsConflict").doesNotContain("team-a/a");
    }

    @Test
    void no_limit_is_another_limit() {
        assertThat(refusal(world.plan(limited("a", 10), limited("b", null)), "b"))
                .startsWith("LimitsConflict");
    }

    @Test
    void one_that_shares_a_role_can_not_change_its_limit_alone() {
        world.plan(limited("a", 10), limited("b", 10));

        var plan = world.plan(limited("a", 20), limited("b", 10));

        assertThat(refusal(plan, "a")).startsWith("LimitsConflict");
        assertThat(limit("a")).isEqualTo(10);
    }

    @Test
    void all_that_share_a_role_change_its_limit_together() {
        world.plan(limited("a", 10), limited("b", 10));
        world.plan(limited("a", 20), limited("b", 10));

        var plan = world.plan(limited("a", 20), limited("b", 20));

        assertThat(refusal(plan, "a")).isEmpty();
        assertThat(limit("a")).isEqualTo(20);
        assertThat(limit("b")).isEqualTo(20);
    }

    @Test
    void one_whose_edit_is_refused_does_not_get_a_limit_from_another_one() {
        world.plan(limited("a", 10), limited("b", 10));
        var broken = new Resolution.Refused(
                Given.id("b"), 2, "2026-01-01T00:00:00Z", Finding.keeping(Reason.UpstreamNotFound, "spec.upstream: …"));

        var plan = world.plan(List.of(new Resolution.Resolved(limited("a", 20)), broken), Set.of());

        assertThat(refusal(plan, "a")).startsWith("LimitsConflict");
        assertThat(limit("a")).isEqualTo(limit("b"));
    }

    @Test
    void one_that_the_cache_lacks_does_not_get_a_limit_from_another_one() {
        world.plan(limited("a", 10), limited("b", 10));

        var plan = world.plan(limited("a", 20));

        assertThat(refusal(plan, "a")).startsWith("LimitsConflict");
        assertThat(limit("a")).isEqualTo(limit("b"));
    }

    @Test
    void one_that_can_not_leave_a_role_keeps_its_limit_against_a_newcomer() {
        world.plan(limited("z", "left", 30), limited("holder", "other", null));

        var plan = world.plan(limited("a", "left", null), limited("z", "other", 30), limited("holder", "other", null));

        assertThat(refusal(plan, "z")).startsWith("LimitsConflict"); // on the role that it would go to
        assertThat(refusal(plan, "a")).startsWith("LimitsConflict");
        assertThat(limit("z")).isEqualTo(30);
    }

    @Test
    void a_chain_of_shared_roles_changes_altogether_or_not_at_all() {
        // a shares r1 with b, and b shares r2 with c, who stays.
        world.plan(chain("a", 10, "r1"), chain("b", 10, "r1", "r2"), chain("c", 10, "r2"));

        var plan = world.plan(chain("a", 20, "r1"), chain("b", 20, "r1", "r2"), chain("c", 10, "r2"));
        assertThat(List.of(limit("a"), limit("b"), limit("c"))).containsOnly(10);
        assertThat(refusal(plan, "a")).startsWith("LimitsConflict");

        world.plan(chain("a", 20, "r1"), chain("b", 20, "r1", "r2"), chain("c", 20, "r2"));
        assertThat(List.of(limit("a"), limit("b"), limit("c"))).containsOnly(20);
    }

    @Test
    void a_newcomer_takes_the_limit_that_the_others_agree_on_and_not_the_old_one() {
        world.plan(limited("m", 10), limited("n", 10));

        var plan = world.plan(limited("a", 10), limited("m", 20), limited("n", 20));

        assertThat(refusal(plan, "a")).startsWith("LimitsConflict");
        assertThat(List.of(limit("m"), limit("n"))).containsOnly(20);
    }

    @Test
    void a_suspended_tenant_limits_nobody_until_it_returns() {
        world.plan(limited("a", 10), limited("b", 10));
        world.plan(limited("a", 20), suspended(limited("b", 10), 0));

        assertThat(refusal(world.plan(limited("a", 20), suspended(limited("b", 10), 0)), "a"))
                .isEmpty();
        assertThat(refusal(world.plan(limited("a", 20), limited("b", 10)), "b")).startsWith("LimitsConflict");
    }

    @Test
    void another_limit_keeps_nobody_from_suspending() {
        world.plan(limited("a", 10), limited("b", 10));

        world.plan(limited("a", 10), suspended(limited("b", 20), 0));

        assertThat(world.placed("b").standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void a_limit_outlives_its_line_and_its_tenant() {
        world.plan(limited("a", 10));

        assertThat(content(world.plan(limited("a", null))).limitedRoles()).containsExactly("app");
        assertThat(content(world.plan(List.of(), Set.of("uid-a"))).limitedRoles())
                .containsExactly("app");
        assertThat(content(world.plan()).limitedRoles()).containsExactly("app");
    }

    @Test
    void a_limit_of_a_suspended_tenant_that_was_served_before_outlives_its_line() {
        world.plan(limited("a", 10));

        assertThat(content(world.plan(suspended(limited("a", 10), 0))).limitedRoles())
                .containsExactly("app");
    }

    private static PoolerContent content(Plan plan) {
        return plan.poolers().get(0);
    }

    private int limit(String name) {
        return requireNonNullElse(world.placed(name).limits().idleTransactionTimeoutSeconds(), 0);
    }

    private static TenantModel limited(String name, @Nullable Integer seconds) {
        return limited(name, "app", seconds);
    }

    private static TenantModel limited(String name, String role, @Nullable Integer seconds) {
        return chain(name, seconds, role);
    }

    private static TenantModel chain(String name, @Nullable Integer seconds, String... roles) {
        return PlannedWorld.on(
                Given.tenant(name, name, Arrays.stream(roles).map(Given::role).toArray(Role[]::new)),
                new Door("transaction", 10, 0, new DoorLimits(null, null, seconds)));
    }
}
