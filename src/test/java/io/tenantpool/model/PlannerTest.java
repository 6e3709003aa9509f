package io.tenantpool.model;

import static io.tenantpool.testing.Given.KEYS;
import static io.tenantpool.testing.Given.UPSTREAM;
import static io.tenantpool.testing.Given.cluster;
import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.placed;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.role;
import static io.tenantpool.testing.Given.tenant;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Resolution.Refused;
import io.tenantpool.model.Resolution.Resolved;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is served where, who stays and who leaves. */
class PlannerTest {
    @Test
    void every_door_is_planned_even_when_nobody_uses_it() {
        var plan = new Planner(cluster("transaction", "second"), List.of(), KEYS, Given.observed())
                .plan(List.of(), Set.of());

        assertThat(plan.poolers())
                .extracting(PoolerContent::id)
                .containsExactly(pooler("transaction"), pooler("second"));
        assertThat(plan.poolers())
                .allSatisfy(content -> assertThat(content.tenants()).isEmpty());
    }

    @Test
    void a_tenant_is_served_at_the_doors_that_it_asks_for_with_a_share_per_pod() {
        var acme = Given.tenantModel(
                id("acme"),
                1,
                "",
                "acme",
                "db",
                UPSTREAM,
                List.of(role("app")),
                List.of(Given.modelDoor("second", 9, 50)));

        var plan = new Planner(cluster("transaction", "second"), List.of(), KEYS, Given.observed())
                .plan(List.of(new Resolved(acme)), Set.of());

        assertThat(plan.poolers().get(0).tenants()).isEmpty();
        assertThat(plan.poolers().get(1).tenants())
                .singleElement()
                .satisfies(tenant -> assertThat(tenant.grant()).isEqualTo(new PoolGrant(9, 5, 5, 0)))
                .extracting(tenant -> tenant.limits().maxClientConnectionsPerPod())
                .isEqualTo(50);
        assertThat(verdict(plan, "acme").poolers()).containsExactly(new Verdict.Endpoint(pooler("second"), 6433));
    }

    @Test
    void the_lines_are_sorted_by_pool_name() {
        var plan = new Planner(cluster("transaction"), List.of(), KEYS, Given.observed())
                .plan(
                        List.of(new Resolved(tenant("c")), new Resolved(tenant("a")), new Resolved(tenant("b"))),
                        Set.of());

        assertThat(names(plan)).containsExactly("a", "b", "c");
    }

    @Test
    void one_that_the_cache_lacks_but_that_is_not_known_to_be_gone_stays() {
        var plan = planner(placed("acme")).plan(List.of(), Set.of());

        assertThat(names(plan)).containsExactly("acme");
        assertThat(plan.verdicts()).isEmpty();
    }

    @Test
    void one_that_is_gone_leaves_and_its_role_becomes_a_tombstone() {
        var plan = planner(placed("acme")).plan(List.of(), Set.of("uid-acme"));

        var content = plan.poolers().get(0);
        assertThat(content.tenants()).isEmpty();
        assertThat(content.tombstones()).containsOnlyKeys("acme");
        assertThat(content.tombstones().get("acme"))
                .isNotNull()
                .isNotEqualTo(role("acme").password());
    }

    @Test
    void a_tombstone_stays_the_same_from_plan_to_plan() {
        var first = planner(placed("acme"))
                .plan(List.of(), Set.of("uid-acme"))
                .poolers()
                .get(0);
        var held = Given.held(
                first.id(), first.tenants(), new TreeSet<>(first.tombstones().keySet()));

        var second =
                new Planner(cluster("transaction"), List.of(held), KEYS, Given.observed()).plan(List.of(), Set.of());

        assertThat(second.poolers().get(0)).isEqualTo(first);
    }

    @Test
    void a_role_that_another_tenant_still_uses_becomes_no_tombstone() {
        var plan = planner(placed("a", "a", role("app")), placed("b", "b", role("app")))
                .plan(List.of(), Set.of("uid-a"));

        assertThat(plan.poolers().get(0).tombstones()).isEmpty();
        assertThat(names(plan)).containsExactly("b");
    }

    @Test
    void a_tombstone_vanishes_when_its_role_returns() {
        var held = Given.held(pooler("transaction"), List.of(), new TreeSet<>(Set.of("acme")));
        var planner = new Planner(cluster("transaction"), List.of(held), KEYS, Given.observed());

        var plan = planner.plan(List.of(new Resolved(tenant("acme"))), Set.of());

        assertThat(plan.poolers().get(0).tombstones()).isEmpty();
    }

    @Test
    void a_mistake_in_a_later_edit_keeps_the_last_good_content_serving() {
        var mistake = Finding.keeping(Reason.CredentialsNotFound, "spec.users: …");

        var plan = planner(placed("acme")).plan(List.of(refused("acme", mistake)), Set.of());

        assertThat(names(plan)).containsExactly("acme");
        assertThat(verdict(plan, "acme").served()).isTrue();
        assertThat(verdict(plan, "acme").finding()).isEqualTo(mistake);
        assertThat(verdict(plan, "acme").credentialsVersion()).isNotNull();
    }

    @Test
    void a_revoking_finding_takes_the_tenant_out() {
        var revoked = Finding.revoking(Reason.PoolerClusterNotFound, "spec.poolerClusterRef: …");

        var plan = planner(placed("acme")).plan(List.of(refused("acme", revoked)), Set.of());

        assertThat(names(plan)).isEmpty();
        assertThat(verdict(plan, "acme").served()).isFalse();
        assertThat(plan.poolers().get(0).tombstones()).containsOnlyKeys("acme");
    }

    @Test
    void one_that_was_never_served_is_refused_without_a_place() {
        var mistake = Finding.keeping(Reason.CredentialsNotFound, "spec.users: …");

        var plan = planner().plan(List.of(refused("acme", mistake)), Set.of());

        assertThat(verdict(plan, "acme").served()).isFalse();
        assertThat(verdict(plan, "acme").poolers()).isEmpty();
    }

    @Test
    void one_whose_only_door_was_removed_is_not_served() {
        var held = Given.held(pooler("removed"), List.of(placed("acme")), new TreeSet<>(Set.of("acme")));
        var planner = new Planner(cluster("transaction"), List.of(held), KEYS, Given.observed());
        var finding = Finding.keeping(Reason.ListenerNotFound, "spec.listeners[removed].name: …");

        var plan = planner.plan(List.of(refused("acme", finding)), Set.of());

        assertThat(verdict(plan, "acme").served()).isFalse();
    }

    @Test
    void another_password_is_another_version_of_the_credentials() {
        var before = planner().plan(List.of(new Resolved(tenant("acme"))), Set.of());
        var rotated = new Role("acme", new Secret("rotated"), "team-a/acme-db");
        var after = planner().plan(List.of(new Resolved(tenant("acme", "acme", rotated))), Set.of());

        assertThat(verdict(after, "acme").credentialsVersion())
                .isNotEqualTo(verdict(before, "acme").credentialsVersion());
    }

    @Test
    void a_rotated_password_of_a_shared_role_reaches_those_that_are_refused_too() {
        var rotated = new Role("app", new Secret("rotated"), "team-a/app-db");

        var plan = planner(placed("a", "a", role("app")), placed("b", "b", role("app")))
                .plan(
                        List.of(
                                new Resolved(tenant("a", "a", rotated)),
                                refused("b", Finding.keeping(Reason.UpstreamNotFound, "spec.upstream: …"))),
                        Set.of());

        assertThat(plan.poolers().get(0).tenants())
                .allSatisfy(tenant -> assertThat(tenant.roles()).containsExactly(rotated));
    }

    @Test
    void a_tenant_that_a_full_cell_can_t_take_opens_the_next_one() {
        var full = IntStream.range(0, 500).mapToObj(i -> placed("t" + i)).toArray(Placed[]::new);

        var plan = planner(full).plan(List.of(new Resolved(tenant("new")), new Resolved(tenant("t7"))), Set.of());

        assertThat(verdict(plan, "new").poolers())
                .extracting(door -> door.pooler().cell())
                .containsExactly("1");
        assertThat(verdict(plan, "t7").poolers())
                .extracting(door -> door.pooler().cell())
                .containsExactly("0");
    }

    @Test
    void what_is_bad_about_one_tenant_changes_nothing_for_the_others() {
        var others = List.<Resolution>of(new Resolved(tenant("a")), new Resolved(tenant("b")));
        var without = planner(placed("a")).plan(others, Set.of());
        var withBad = new ArrayList<>(others);
        withBad.add(refused("bad", Finding.keeping(Reason.NameInvalid, "spec.poolName: …")));

        var plan = planner(placed("a")).plan(withBad, Set.of());

        assertThat(plan.poolers()).isEqualTo(without.poolers());
    }

    private static Planner planner(Placed... served) {
        var roles = new TreeSet<String>();
        List.of(served).forEach(tenant -> tenant.roles().forEach(role -> roles.add(role.name())));
        var held = Given.held(pooler("transaction"), List.of(served), roles);
        return new Planner(cluster("transaction"), List.of(held), KEYS, Given.observed());
    }

    private static Resolution refused(String name, Finding finding) {
        return new Refused(id(name), 2, "2026-01-01T00:00:00Z", finding);
    }

    private static Verdict verdict(Plan plan, String name) {
        return requireNonNull(plan.verdicts().get(id(name).uid()));
    }

    private static List<String> names(Plan plan) {
        return plan.poolers().get(0).tenants().stream()
                .map(tenant -> tenant.id().name())
                .toList();
    }

    @Test
    void nobody_new_is_let_in_to_servers_that_nothing_verifies_and_who_is_there_can_still_be_changed() {
        var world = new PlannedWorld(PlannedWorld.cluster(200, PlannedWorld.pods(2)));
        world.plan(PlannedWorld.tenant("acme", 20));
        world.edit(world.cluster().withTrust(new TrustDecision.Trust(ServerTls.PLAIN, Set.of("default"))));

        var plan = world.plan(PlannedWorld.tenant("acme", 10), PlannedWorld.tenant("late", 10));

        assertThat(PlannedWorld.refusal(plan, "late")).startsWith("UpstreamNotVerified: spec.upstream: ");
        assertThat(world.perPod("acme")).isEqualTo(5);
    }
}
