package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.engine.pgbouncer.PlanSteps.Step;
import io.tenantpool.engine.pgbouncer.PlanSteps.What;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.Placed;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.testing.PlannedWorld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds over any sequence of plans, each of which starts from what the one before had written. */
class PlanSequencePropertiesTest {
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();

    @Provide
    Arbitrary<List<Step>> anything() {
        return steps(What.values());
    }

    @Provide
    Arbitrary<List<Step>> ofTenants() {
        return steps(Arrays.stream(What.values())
                .filter(what -> !what.isOfThePlatform())
                .toArray(What[]::new));
    }

    private static Arbitrary<List<Step>> steps(What... whats) {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(2, Arbitraries.just(What.ASK)), Tuple.of(3, Arbitraries.of(whats))),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 60))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    @Property(tries = 150)
    void nobody_who_holds_something_loses_its_place_its_names_or_its_pool(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            var before = everybody(world.world.held());
            var cells = cells(world.world);

            world.take(step);

            before.forEach((key, tenant) -> {
                var uid = tenant.id().uid();
                if (world.gone().contains(uid)) {
                    assertThat(world.world.cell(uid)).isEmpty();
                    return;
                }
                assertThat(world.world.cell(uid)).as(step.toString()).contains(cells.get(uid));
                kept(world, tenant, key.substring(key.indexOf('/') + 1), step);
            });
        }
    }

    private static void kept(PlanSteps steps, Placed before, String listener, Step step) {
        var wish = steps.tenants.get(before.id().name());
        var after = steps.world.held(before.id().uid(), listener);
        var asked = wish == null
                ? null
                : wish.doors().stream()
                        .filter(door -> door.listener().equals(listener))
                        .findFirst()
                        .orElse(null);
        if (after.isEmpty()) {
            assertThat(asked).as("%s: it left the door %s", step, listener).isNull();
            return;
        }
        var now = after.get();
        assertThat(now.poolName()).isEqualTo(before.poolName());
        if (before.standing().isServing()
                && (wish == null
                        || !wish.suspended()
                        || steps.broken.contains(wish.id().name()))) {
            assertThat(now.standing().isServing()).as(step.toString()).isTrue();
        }
        var least = asked == null
                ? before.grant().poolSize()
                : Math.min(asked.poolSize(), before.grant().poolSize());
        assertThat(now.grant().poolSize()).as(step.toString()).isGreaterThanOrEqualTo(least);
    }

    @Property(tries = 150)
    void everybody_who_is_served_and_resolves_has_its_whole_pool(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            world.take(step);

            everybody(world.world.held()).forEach((key, tenant) -> {
                var name = tenant.id().name();
                if (tenant.standing().isServing() && !world.broken.contains(name) && !world.hidden.contains(name)) {
                    var listener = world.world
                            .cluster()
                            .listener(key.substring(key.indexOf('/') + 1))
                            .orElseThrow();
                    assertThat(tenant.grant().perPod() * listener.replicas())
                            .as("%s: %s on %s", step, tenant, listener)
                            .isGreaterThanOrEqualTo(tenant.grant().poolSize());
                }
            });
        }
    }

    @Property(tries = 150)
    void whatever_tenants_do_the_pods_can_open_no_more_than_the_server_has(@ForAll("ofTenants") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            var plan = world.take(step);

            assertThat(PlannedWorld.committed(plan)).as(step.toString()).isLessThanOrEqualTo(150);
            assertThat(world.pods.mostOpen(world.world)).as(step.toString()).isLessThanOrEqualTo(150);
        }
    }

    @Property(tries = 150)
    void an_admission_never_makes_a_cell_larger_than_it_may_be(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            var before = sizes(world.world);

            world.take(step);

            sizes(world.world).forEach((cell, size) -> assertThat(size)
                    .as("%s: cell %s", step, cell)
                    .isLessThanOrEqualTo(Math.max(
                            before.getOrDefault(cell, 0), world.world.cluster().maxTenantsPerCell())));
        }
    }

    @Property(tries = 150)
    void no_name_has_two_holders_and_no_role_two_limits(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            world.take(step);

            var holders = new HashMap<String, String>();
            var limits = new HashMap<String, Integer>();
            everybody(world.world.held()).forEach((key, tenant) -> {
                var uid = tenant.id().uid();
                assertThat(holders.merge(tenant.poolName(), uid, (first, second) -> first))
                        .isEqualTo(uid);
                if (tenant.standing().isServing()) {
                    var limit = tenant.limits().idleTransactionTimeoutSeconds();
                    var number = limit == null ? 0 : limit;
                    var listener = key.substring(key.indexOf('/') + 1);
                    tenant.roles().forEach(role -> assertThat(
                                    limits.merge(listener + role.name(), number, (first, second) -> first))
                            .as("%s: role %s", step, role.name())
                            .isEqualTo(number));
                }
            });
        }
    }

    @Property(tries = 150)
    void in_a_world_that_rests_plans_come_to_rest_and_equal_one_another(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        steps.forEach(world::take);
        for (var round = 0; round < 4; round++) {
            world.take(new Step(What.PODS, 0, 0));
        }

        var first = world.take(new Step(What.NOTHING, 0, 0));
        var second = world.take(new Step(What.NOTHING, 0, 0));

        assertThat(second).isEqualTo(first);
        assertThat(rendered(second)).isEqualTo(rendered(first));
    }

    @Property(tries = 150)
    void the_order_of_what_is_read_does_not_matter(@ForAll("anything") List<Step> steps, @ForAll long seed) {
        var world = new PlanSteps();
        steps.forEach(world::take);
        var shuffled = new ArrayList<>(world.resolutions());
        Collections.shuffle(shuffled, new Random(seed));

        var expected = world.world.preview(world.resolutions(), world.gone());

        assertThat(world.world.preview(shuffled, world.gone())).isEqualTo(expected);
    }

    @Property(tries = 150)
    void what_is_rendered_is_read_back_as_what_was_written(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            for (var content : world.take(step).poolers()) {
                assertThat(PlanSteps.forgetful(PlanSteps.readBack(content)))
                        .isEqualTo(PlanSteps.forgetful(HeldPooler.of(content)));
                assertThat(ENGINE.render(content)).isEqualTo(ENGINE.render(content));
            }
        }
    }

    /** A limit of a role is in the files for ever, and every role in the user list. */
    @Property(tries = 150)
    void lines_of_roles_are_never_dropped_as_long_as_their_cell_lives(@ForAll("anything") List<Step> steps) {
        var world = new PlanSteps();
        for (var step : steps) {
            var before = world.world.held();

            world.take(step);

            for (var pooler : before) {
                world.world.held().stream()
                        .filter(now -> now.id().equals(pooler.id()))
                        .forEach(now -> {
                            assertThat(now.limitedRoles()).containsAll(pooler.limitedRoles());
                            assertThat(now.roles()).containsAll(pooler.roles());
                        });
            }
        }
    }

    private static Map<String, Placed> everybody(List<HeldPooler> poolers) {
        var tenants = new HashMap<String, Placed>();
        poolers.forEach(pooler -> pooler.tenants()
                .forEach(tenant ->
                        tenants.put(tenant.id().uid() + "/" + pooler.id().listener(), tenant)));
        return tenants;
    }

    private static Map<String, String> cells(PlannedWorld world) {
        var cells = new HashMap<String, String>();
        world.held().forEach(pooler -> pooler.tenants()
                .forEach(tenant -> cells.put(tenant.id().uid(), pooler.id().cell())));
        return cells;
    }

    private static Map<String, Integer> sizes(PlannedWorld world) {
        var tenants = new HashMap<String, HashSet<String>>();
        world.held().forEach(pooler -> pooler.tenants()
                .forEach(tenant -> tenants.computeIfAbsent(pooler.id().cell(), cell -> new HashSet<>())
                        .add(tenant.id().uid())));
        var sizes = new HashMap<String, Integer>();
        tenants.forEach((cell, uids) -> sizes.put(cell, uids.size()));
        return sizes;
    }

    private static List<Object> rendered(Plan plan) {
        return plan.poolers().stream()
                .<Object>map((PoolerContent content) -> ENGINE.render(content))
                .toList();
    }
}
