package io.tenantpool.model;

import static io.tenantpool.testing.PlannedWorld.cluster;
import static io.tenantpool.testing.PlannedWorld.pods;
import static io.tenantpool.testing.PlannedWorld.refusal;
import static io.tenantpool.testing.PlannedWorld.sessionPods;
import static io.tenantpool.testing.PlannedWorld.suspended;
import static io.tenantpool.testing.PlannedWorld.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which cell a tenant is in, and that it stays there. */
class PlannerCellsTest {
    private static final Contract UNLIMITED = new Contract(null, 0, 100, false);

    @Test
    void a_cell_takes_as_many_tenants_as_it_may_and_the_next_one_the_rest() {
        var world = new PlannedWorld(small(2));

        world.plan(tenants(5));

        assertThat(cells(world, 5)).containsExactly("0", "0", "1", "1", "2");
    }

    @Test
    void a_place_that_is_free_again_is_taken_first() {
        var world = new PlannedWorld(small(2));
        world.plan(tenants(5));
        world.plan(List.of(), Set.of("uid-t0"));

        world.plan(tenant("new", 2));

        assertThat(world.cell("uid-new")).contains("0");
    }

    @Test
    void who_is_in_a_cell_that_is_smaller_now_stays_and_nobody_follows() {
        var world = new PlannedWorld(small(4));
        world.plan(tenants(4));
        world.edit(small(1));

        world.plan(IntStream.range(0, 6).mapToObj(i -> tenant("t" + i, 2)).toArray(TenantModel[]::new));

        assertThat(cells(world, 6)).containsExactly("0", "0", "0", "0", "1", "2");
    }

    @Test
    void who_is_in_a_later_cell_stays_there_though_an_earlier_one_has_room() {
        var world = new PlannedWorld(small(1));
        world.plan(tenants(3));
        world.edit(small(500));

        world.plan(List.of(), Set.of("uid-t0"));
        world.plan(tenant("t1", 2), tenant("t2", 2));

        assertThat(world.cell("uid-t1")).contains("1");
        assertThat(world.cell("uid-t2")).contains("2");
    }

    @Test
    void all_doors_of_a_tenant_are_in_one_cell() {
        var doors = cluster(UNLIMITED, Admission.OPEN, 1, pods(2), sessionPods(2));
        var world = new PlannedWorld(doors);
        world.plan(tenant("a", 2));
        var b = PlannedWorld.on(
                tenant("b", 2), Given.modelDoor("transaction", 2, null), Given.modelDoor("session", 2, null));

        var plan = world.plan(tenant("a", 2), b);

        assertThat(plan.verdicts().get("uid-b")).isNotNull().satisfies(verdict -> assertThat(verdict.poolers())
                .extracting(endpoint -> endpoint.pooler().cell())
                .containsExactly("1", "1"));
    }

    @Test
    void a_suspended_tenant_keeps_its_place_and_counts() {
        var world = new PlannedWorld(small(1));
        world.plan(tenant("a", 2));

        world.plan(suspended(tenant("a", 2), 0), tenant("b", 2));

        assertThat(world.cell("uid-a")).contains("0");
        assertThat(world.cell("uid-b")).contains("1");
    }

    @Test
    void a_dedicated_tenant_is_alone_and_takes_no_place_of_others() {
        var allowed = new Admission(true, null, null);
        var world = new PlannedWorld(cluster(UNLIMITED, allowed, 1, pods(2)));

        world.plan(dedicated("d"), dedicated("e"), tenant("a", 2));

        assertThat(world.cell("uid-a")).contains("0");
        assertThat(world.cell("uid-d")).isPresent().isNotEqualTo(world.cell("uid-e"));
        assertThat(world.held())
                .allSatisfy(pooler -> assertThat(pooler.tenants()).hasSize(1));
    }

    @Test
    void a_cell_of_its_own_goes_with_its_tenant_after_the_pods_let_go() {
        var allowed = new Admission(true, null, null);
        var world = new PlannedWorld(cluster(UNLIMITED, allowed, 500, pods(2)));
        world.plan(dedicated("d"));
        var own = new PoolerId("poolers", "main", world.cell("uid-d").orElseThrow(), "transaction");

        assertThat(ids(world.plan(List.of(), Set.of("uid-d")))).contains(own);
        world.pods(own, new PoolerObservation(2, Set.of("d"), Map.of(), Set.of(), Set.of(), new TreeMap<>()));
        assertThat(ids(world.plan())).contains(own);
        world.podsUnknown();
        assertThat(ids(world.plan())).containsExactly(Given.pooler("transaction"));
    }

    @Test
    void a_tenant_larger_than_a_secret_is_refused() {
        var host = new UpstreamModel("default", "h".repeat(1_100_000), 5432);
        var huge = new TenantModel(
                Given.id("huge"),
                1,
                "",
                "huge",
                "huge",
                host,
                List.of(Given.role("huge")),
                tenant("huge", 2).doors(),
                false,
                false,
                0);
        var world = new PlannedWorld(new ClusterModel(
                "poolers",
                "main",
                List.of(pods(2)),
                Map.of("default", host),
                Map.of(),
                Map.of(),
                Admission.OPEN,
                500,
                ServerTls.PLAIN,
                Set.of()));

        assertThat(refusal(world.plan(huge), "huge")).startsWith("TooLarge");
    }

    private static ClusterModel small(int maxTenants) {
        return cluster(UNLIMITED, Admission.OPEN, maxTenants, pods(2));
    }

    private static TenantModel[] tenants(int number) {
        return IntStream.range(0, number).mapToObj(i -> tenant("t" + i, 2)).toArray(TenantModel[]::new);
    }

    private static List<String> cells(PlannedWorld world, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> world.cell("uid-t" + i).orElse("none"))
                .toList();
    }

    private static List<PoolerId> ids(Plan plan) {
        return plan.poolers().stream().map(PoolerContent::id).toList();
    }

    private static TenantModel dedicated(String name) {
        var t = tenant(name, 2);
        return new TenantModel(
                t.id(), 1, t.created(), t.poolName(), t.database(), t.upstream(), t.roles(), t.doors(), true, false, 0);
    }
}
