package io.tenantpool.model;

import static io.tenantpool.testing.Given.KEYS;
import static io.tenantpool.testing.Given.cluster;
import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.placed;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.role;
import static io.tenantpool.testing.Given.tenant;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Resolution.Resolved;
import io.tenantpool.testing.Given;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who holds a pool name or a role name, and who has to choose another. */
class PlannerClaimsTest {
    private static final String OLD = "2025-01-01T00:00:00Z";
    private static final String YOUNG = "2026-01-01T00:00:00Z";

    @Test
    void the_older_tenant_gets_a_pool_name_that_nobody_holds() {
        var plan = plan(List.of(), asks("young", YOUNG, "shop", role("a")), asks("old", OLD, "shop", role("b")));

        assertThat(reason(plan, "old")).isNull();
        assertThat(reason(plan, "young")).isEqualTo(Reason.PoolNameTaken);
    }

    @Test
    void the_uid_decides_between_tenants_of_one_second() {
        var plan = plan(List.of(), asks("b", OLD, "shop", role("b")), asks("a", OLD, "shop", role("a")));

        assertThat(reason(plan, "a")).isNull();
        assertThat(reason(plan, "b")).isEqualTo(Reason.PoolNameTaken);
    }

    @Test
    void the_holder_of_a_pool_name_keeps_it_against_an_older_contender() {
        var plan = plan(
                List.of(placed("holder", "shop", role("a"))),
                asks("older", OLD, "shop", role("b")),
                asks("holder", YOUNG, "shop", role("a")));

        assertThat(reason(plan, "holder")).isNull();
        assertThat(reason(plan, "older")).isEqualTo(Reason.PoolNameTaken);
    }

    @Test
    void the_holder_of_a_role_keeps_it_against_an_older_contender() {
        var plan = plan(
                List.of(placed("holder", "shop", role("app"))),
                asks("older", OLD, "other", new Role("app", new Secret("stolen"), "team-b/app")),
                asks("holder", YOUNG, "shop", role("app")));

        assertThat(reason(plan, "older")).isEqualTo(Reason.RoleNameTaken);
        assertThat(passwords(plan, "holder")).containsExactly("password of app");
    }

    @Test
    void a_refusal_tells_nothing_about_the_holder() {
        var plan = plan(
                List.of(placed("victim", "shop", role("app"))),
                asks("thief", OLD, "other", new Role("app", new Secret("guess"), "team-b/app")));

        assertThat(finding(plan, "thief").message())
                .contains("spec.users", "app", "team-b/app")
                .doesNotContain("victim", "shop", "guess", "password");
    }

    @Test
    void tenants_that_name_the_same_secret_share_its_role() {
        var plan = plan(List.of(), asks("a", OLD, "a", role("app")), asks("b", YOUNG, "b", role("app")));

        assertThat(plan.verdicts().values()).allMatch(verdict -> verdict.finding() == null);
        assertThat(names(plan)).containsExactly("a", "b");
    }

    @Test
    void the_only_holder_of_a_role_may_take_its_password_from_another_secret() {
        var moved = new Role("app", new Secret("new"), "team-a/other-secret");

        var plan = plan(List.of(placed("holder", "shop", role("app"))), asks("holder", OLD, "shop", moved));

        assertThat(reason(plan, "holder")).isNull();
        assertThat(passwords(plan, "holder")).containsExactly("new");
    }

    @Test
    void one_of_several_holders_of_a_role_may_not_change_its_secret_under_the_others() {
        var moved = new Role("app", new Secret("new"), "team-a/other-secret");

        var plan = plan(
                List.of(placed("a", "a", role("app")), placed("b", "b", role("app"))),
                asks("a", OLD, "a", moved),
                asks("b", YOUNG, "b", role("app")));

        assertThat(reason(plan, "a")).isEqualTo(Reason.RoleNameTaken);
        assertThat(passwords(plan, "b")).containsExactly("password of app");
    }

    @Test
    void a_role_that_its_holder_lets_go_stays_its_own_until_the_next_plan() {
        var plan = plan(
                List.of(placed("holder", "shop", role("app"))),
                asks("holder", OLD, "shop", role("renamed")),
                asks("other", YOUNG, "other", new Role("app", new Secret("x"), "team-b/app")));

        assertThat(reason(plan, "other")).isEqualTo(Reason.RoleNameTaken);
    }

    @Test
    void names_that_a_pod_still_serves_wait() {
        var planner = new Planner(cluster("transaction"), List.of(), KEYS, Given.observed("shop"));

        var plan = planner.plan(List.of(new Resolved(tenant("new", "shop", role("new")))), Set.of());

        assertThat(reason(plan, "new")).isEqualTo(Reason.NameStillServed);
        assertThat(names(plan)).isEmpty();
    }

    @Test
    void names_of_a_tenant_that_leaves_with_this_very_plan_wait() {
        var held = Given.held(
                pooler("transaction"), List.of(placed("gone", "shop", role("app"))), new TreeSet<>(Set.of("app")));
        var planner = new Planner(cluster("transaction"), List.of(held), KEYS, Given.observed());
        var heir = new Role("app", new Secret("of another"), "team-b/app");

        var plan = planner.plan(List.of(new Resolved(tenant("heir", "shop", heir))), Set.of("uid-gone"));

        // Clients of the gone one would stay connected to the pool, and reach the heir's database as the heir's role.
        assertThat(reason(plan, "heir")).isEqualTo(Reason.NameStillServed);
        assertThat(names(plan)).isEmpty();
    }

    @Test
    void the_holder_does_not_wait_for_its_own_names() {
        var held = Given.held(
                pooler("transaction"), List.of(placed("holder", "shop", role("app"))), new TreeSet<>(Set.of("app")));
        var planner = new Planner(cluster("transaction"), List.of(held), KEYS, Given.observed("shop", "app"));

        var plan = planner.plan(List.of(new Resolved(tenant("holder", "shop", role("app")))), Set.of());

        assertThat(reason(plan, "holder")).isNull();
    }

    @Test
    void a_refused_tenant_that_shares_a_role_is_bound_with_its_new_password() {
        var rotated = new Role("app", new Secret("new password"), role("app").source());
        var held = List.of(placed("older", "p1", role("app")), placed("younger", "p2", role("app")));
        var mistake = Finding.keeping(Reason.UpstreamNotFound, "spec.upstream: …");
        var refused = new Resolution.Refused(id("older"), 2, OLD, mistake);

        var plan = plan(held, refused, asks("younger", YOUNG, "p2", rotated));

        assertThat(verdict(plan, "older").finding()).isEqualTo(mistake);
        assertThat(verdict(plan, "older").roles()).containsExactly(rotated);
        assertThat(verdict(plan, "older").credentialsVersion())
                .isNotEqualTo(verdict(plan(held, refused), "older").credentialsVersion());
    }

    @Test
    void the_order_of_the_input_does_not_matter() {
        var held = List.of(placed("h1", "p1", role("r1")), placed("h2", "p2", role("r2")));
        var resolutions = new ArrayList<Resolution>();
        for (var i = 0; i < 30; i++) {
            var name = "t" + i;
            resolutions.add(asks(name, i % 3 == 0 ? OLD : YOUNG, "p" + i % 7, role("r" + i % 5)));
        }
        var expected = plan(held, resolutions.toArray(Resolution[]::new));
        var random = new Random(7);

        for (var round = 0; round < 20; round++) {
            Collections.shuffle(resolutions, random);
            assertThat(plan(held, resolutions.toArray(Resolution[]::new))).isEqualTo(expected);
        }
    }

    private static Resolution asks(String name, String created, String poolName, Role... roles) {
        var model = tenant(name, poolName, roles);
        return new Resolved(Given.tenantModel(
                model.id(),
                model.generation(),
                created,
                model.poolName(),
                model.database(),
                model.upstream(),
                model.roles(),
                model.doors()));
    }

    private static Plan plan(List<Placed> served, Resolution... resolutions) {
        var roles = new TreeSet<String>();
        served.forEach(tenant -> tenant.roles().forEach(role -> roles.add(role.name())));
        var held = Given.held(pooler("transaction"), served, roles);
        return new Planner(cluster("transaction"), List.of(held), Given.KEYS, Given.observed())
                .plan(List.of(resolutions), Set.of());
    }

    private static @Nullable Reason reason(Plan plan, String name) {
        var finding = verdict(plan, name).finding();
        return finding == null ? null : finding.reason();
    }

    private static Finding finding(Plan plan, String name) {
        return requireNonNull(verdict(plan, name).finding());
    }

    private static Verdict verdict(Plan plan, String name) {
        return requireNonNull(plan.verdicts().get(id(name).uid()));
    }

    private static List<String> names(Plan plan) {
        return plan.poolers().get(0).tenants().stream()
                .map(tenant -> tenant.id().name())
                .toList();
    }

    private static List<String> passwords(Plan plan, String name) {
        return plan.poolers().get(0).tenants().stream()
                .filter(tenant -> tenant.id().equals(id(name)))
                .flatMap(tenant -> tenant.roles().stream())
                .map(role -> role.password().value())
                .toList();
    }
}
