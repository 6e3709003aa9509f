package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pods count, and which are taken out of traffic when they can't be brought up to date. */
class PoolerPodsTest {
    private final FakeSurroundings world = new FakeSurroundings();
    private final PoolerPods pods = new PoolerPods(world);

    @AfterEach
    void end() {
        world.close();
    }

    @ParameterizedTest(name = "of {0} pods that are behind beside one that is not, {1} leave")
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 2", "5, 3"})
    void never_more_than_half_of_the_pods_leave_the_traffic(int behind, int leave) {
        var views = new ArrayList<>(
                IntStream.range(0, behind).mapToObj(i -> ready("pod-" + i)).toList());
        pods.update(views);
        world.passes(Duration.ofSeconds(4));
        views.add(ready("just-met"));
        pods.update(views);

        pods.switchTraffic();
        pods.switchTraffic();

        assertThat(world.off).hasSize(leave).doesNotContain("just-met");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void nobody_leaves_when_nobody_better_stays(int all) {
        pods.update(IntStream.range(0, all).mapToObj(i -> ready("pod-" + i)).toList());
        world.passes(Duration.ofSeconds(4));

        pods.switchTraffic();

        assertThat(world.off).isEmpty();
    }

    @Test
    void the_only_ready_pod_stays_although_others_start_that_are_not_stale_yet() {
        pods.update(List.of(ready("ready")));
        world.passes(Duration.ofSeconds(4));
        pods.update(List.of(ready("ready"), FakeSurroundings.pod("new", false, world.now())));

        pods.switchTraffic();

        assertThat(world.off).isEmpty();
    }

    @Test
    void a_pod_is_given_time_before_it_leaves() {
        pods.update(List.of(ready("a"), ready("b")));
        world.passes(Duration.ofSeconds(2));

        pods.switchTraffic();

        assertThat(world.off).isEmpty();
    }

    @Test
    void a_joining_pod_with_old_content_leaves_before_it_is_ready() {
        pods.update(List.of(ready("ready"), FakeSurroundings.pod("joining", false, world.now())));
        world.passes(Duration.ofMillis(2600));

        pods.switchTraffic();

        assertThat(world.off).containsExactly("joining");
    }

    @Test
    void a_joining_pod_counts_because_it_takes_traffic_in_a_moment() {
        pods.update(List.of(ready("ready"), FakeSurroundings.pod("joining", false, world.now())));

        assertThat(pods.counted()).hasSize(2);
        assertThat(pods.readyCount()).isEqualTo(1);
    }

    @Test
    void a_pod_that_does_not_become_ready_counts_no_more() {
        pods.update(List.of(ready("ready"), FakeSurroundings.pod("broken", false, world.now())));
        world.passes(Duration.ofSeconds(20));

        assertThat(pods.counted()).extracting(link -> link.view().name()).containsExactly("ready");
    }

    @Test
    void pods_that_end_or_are_out_of_traffic_do_not_count() {
        var ends = new PodView("u1", "poolers", "ends", "10.0.0.2", 6432, world.now(), true, true, true, null);
        var out = new PodView("u2", "poolers", "out", "10.0.0.3", 6432, world.now(), true, false, false, null);

        pods.update(List.of(ends, out, ready("ready")));

        assertThat(pods.counted()).extracting(link -> link.view().name()).containsExactly("ready");
    }

    @Test
    void a_pod_that_is_gone_is_forgotten() {
        pods.update(List.of(ready("a"), ready("b")));

        pods.update(List.of(ready("b")));

        assertThat(pods.counts(ready("a"))).isFalse();
        assertThat(pods.readyCount()).isEqualTo(1);
    }

    @Test
    void a_ready_pod_is_behind_at_once_and_late_only_after_a_while() {
        pods.update(List.of(ready("a")));
        assertThat(pods.behindCount()).isEqualTo(1);
        assertThat(pods.lateCount()).isZero();

        world.passes(Duration.ofSeconds(4));

        assertThat(pods.lateCount()).isEqualTo(1);
    }

    @Test
    void the_same_revision_keeps_its_number_and_another_one_has_a_higher_one() {
        var first = pods.want(FakeSurroundings.wanted("r1"), null);

        assertThat(pods.want(FakeSurroundings.wanted("r1"), "r1")).isEqualTo(first);
        assertThat(pods.want(FakeSurroundings.wanted("r2"), "r1")).isGreaterThan(first);
    }

    private PodView ready(String name) {
        return FakeSurroundings.pod(name, true, world.now().minusSeconds(600));
    }
}
