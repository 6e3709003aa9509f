package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.testing.PlannedWorld;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many connections of a pool one pod gets. */
class ListenerModelTest {
    @ParameterizedTest(name = "{0} over {1} pods are {2} on each")
    @CsvSource({"20, 2, 10", "20, 3, 7", "21, 2, 11", "1, 5, 1", "6, 2, 3", "16, 1, 16", "2, 3, 1", "0, 2, 1"})
    void a_transaction_door_divides_evenly_and_rounds_up(int size, int pods, int share) {
        assertThat(PlannedWorld.pods(pods).share(size)).isEqualTo(share);
    }

    @ParameterizedTest(name = "{0} over {1} pods are {2} on each")
    @CsvSource({"10, 1, 10", "10, 2, 10", "10, 3, 7", "10, 4, 5", "10, 6, 4", "1, 6, 1", "7, 5, 3", "2, 3, 2"})
    void a_session_door_gives_twice_as_much_but_never_more_than_the_pool(int size, int pods, int share) {
        assertThat(PlannedWorld.sessionPods(pods).share(size)).isEqualTo(share);
    }

    @Test
    void an_autoscaled_door_divides_by_its_fewest_pods_and_counts_its_most() {
        var door = new ListenerModel("t", "Transaction", Upstream.Role.Primary, 6432, 2, 6, 70, 1000, 20, 60);

        assertThat(door.share(20)).isEqualTo(10);
        assertThat(door.podsAtMost()).isEqualTo(6 + 2);
    }

    @Property
    void all_pods_together_reach_the_pool_and_no_pod_has_more_than_it(
            @ForAll @IntRange(min = 1, max = 5000) int size, @ForAll @IntRange(min = 1, max = 50) int pods) {
        for (var door : new ListenerModel[] {PlannedWorld.pods(pods), PlannedWorld.sessionPods(pods)}) {
            assertThat(door.share(size)).isBetween(1, size);
            assertThat(door.share(size) * pods).isGreaterThanOrEqualTo(size);
        }
    }

    @Property
    void a_larger_pool_has_no_smaller_share_and_the_smallest_pool_of_a_share_has_just_that(
            @ForAll @IntRange(min = 1, max = 300) int size, @ForAll @IntRange(min = 1, max = 50) int pods) {
        for (var door : new ListenerModel[] {PlannedWorld.pods(pods), PlannedWorld.sessionPods(pods)}) {
            assertThat(door.share(size + 1)).isGreaterThanOrEqualTo(door.share(size));
            assertThat(door.share(door.smallest(size))).isGreaterThanOrEqualTo(size);
            assertThat(door.smallest(size) == 1 || door.share(door.smallest(size) - 1) < size)
                    .isTrue();
        }
    }
}
