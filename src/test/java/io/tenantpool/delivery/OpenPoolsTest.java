package io.tenantpool.delivery;

import static io.tenantpool.delivery.PoolWatchTest.pool;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools that were let go keep their names and their connections until the pods dropped them. */
class OpenPoolsTest {
    private final FakeSurroundings world = new FakeSurroundings();
    private final PoolerPods pods = new PoolerPods(world);
    private final OpenPools open = new OpenPools(pods);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void a_pool_that_was_let_go_is_open_while_a_pod_has_the_old_content() {
        pods.update(List.of(FakeSurroundings.pod("behind", true, world.now())));
        take(1, pool("acme", 5, false, false), pool("other", 7, false, false));
        assertThat(open.stillOpen()).isEmpty();

        take(2, pool("other", 7, false, false));

        assertThat(open.stillOpen()).containsExactly(Map.entry("default", 5));
        assertThat(open.stillServed(Set.of())).containsExactly("acme");
        pods.update(List.of());
        assertThat(open.stillOpen()).isEmpty();
        assertThat(open.stillServed(Set.of())).isEmpty();
    }

    @Test
    void a_lowered_pool_that_was_let_go_counts_with_what_pods_may_still_hold() {
        pods.update(List.of(FakeSurroundings.pod("behind", true, world.now())));
        take(1, pool("acme", 5, true, false));

        take(2);

        assertThat(open.stillOpen()).containsExactly(Map.entry("default", 10));
    }

    @Test
    void a_lowered_pool_that_every_pod_was_seen_to_have_shrunk_counts_with_its_share() {
        pods.update(List.of(FakeSurroundings.pod("behind", true, world.now())));
        take(1, pool("acme", 5, true, false));

        open.take(List.of(), pods.want(FakeSurroundings.wanted("r2"), null), Set.of("uid-acme"));

        assertThat(open.stillOpen()).containsExactly(Map.entry("default", 5));
    }

    @Test
    void a_pod_that_stops_holds_the_connections_of_a_pool_that_was_let_go_but_no_names() {
        pods.update(List.of(FakeSurroundings.pod("ends", true, world.now())));
        take(1, pool("acme", 5, false, false));
        pods.update(List.of(
                new PodView("uid-ends", "poolers", "ends", "10.0.0.1", 6432, world.now(), true, true, true, null)));

        take(2);

        assertThat(open.stillOpen()).containsExactly(Map.entry("default", 5));
        assertThat(open.stillServed(Set.of())).isEmpty();
        pods.update(List.of());
        assertThat(open.stillOpen()).isEmpty();
    }

    @Test
    void a_pool_that_returns_counts_beside_the_one_before_until_every_pod_dropped_that() {
        pods.update(List.of(FakeSurroundings.pod("behind", true, world.now())));
        take(1, pool("acme", 5, false, false));
        take(2);

        take(3, pool("acme", 5, false, false));

        assertThat(open.stillOpen()).containsExactly(Map.entry("default", 5));
        assertThat(open.stillServed(Set.of("acme", "another"))).containsExactly("another");
    }

    @Test
    void a_drained_pool_is_open_and_not_let_go() {
        pods.update(List.of(FakeSurroundings.pod("behind", true, world.now())));
        take(1, pool("acme", 5, false, false));

        take(2, pool("acme", 5, false, true));

        assertThat(open.stillOpen()).isEmpty();
        assertThat(open.stillServed(Set.of())).isEmpty();
    }

    private void take(int revision, Wanted.Pool... pools) {
        open.take(List.of(pools), pods.want(FakeSurroundings.wanted("r" + revision), null), Set.of());
    }
}
