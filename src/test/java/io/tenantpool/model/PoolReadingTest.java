package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.Given;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolReadingTest {
    @Test
    void users_and_pods_add_up_and_the_longest_wait_counts() {
        var one = new PoolUsage(1, 2, 3, 4, Duration.ofSeconds(1));
        var other = new PoolUsage(10, 20, 30, 40, Duration.ofSeconds(5));

        assertThat(one.plus(other)).isEqualTo(new PoolUsage(11, 22, 33, 44, Duration.ofSeconds(5)));
        assertThat(other.plus(one)).isEqualTo(one.plus(other));
    }

    @Test
    void a_sum_covers_the_pods_that_were_read() {
        var reading =
                reading(Map.of("a", Map.of("acme", active(3)), "b", Map.of("acme", active(4), "other", active(9))));

        assertThat(reading.sum("acme")).isEqualTo(active(7));
        assertThat(reading.podsRead()).isEqualTo(2);
    }

    @Test
    void a_pool_that_no_pod_lists_is_not_used() {
        var reading = reading(Map.of("a", Map.of()));

        assertThat(reading.sum("acme")).isEqualTo(PoolUsage.NONE);
        assertThat(reading.usage("a", "acme")).isEqualTo(PoolUsage.NONE);
        assertThat(reading.usage("gone", "acme")).isEqualTo(PoolUsage.NONE);
    }

    @Test
    void the_fullest_pod_is_the_one_with_the_most_connections_in_use() {
        var reading = reading(Map.of(
                "a", Map.of("acme", active(3)), "b", Map.of("acme", active(4)), "c", Map.of("other", active(9))));

        assertThat(reading.fullest("acme")).contains("b");
    }

    @Test
    void among_pods_that_are_equally_full_the_one_where_clients_wait_is_the_fullest() {
        var waiting = new PoolUsage(4, 4, 5, 1, Duration.ofMillis(1));
        var reading = reading(Map.of("a", Map.of("acme", active(4)), "b", Map.of("acme", waiting)));

        assertThat(reading.fullest("acme")).contains("b");
    }

    @Test
    void among_equals_the_first_name_is_taken() {
        assertThat(reading(Map.of("b", Map.of(), "a", Map.of())).fullest("acme"))
                .contains("a");
    }

    @Test
    void nothing_is_the_fullest_of_no_pods() {
        assertThat(PoolReading.none(Given.NOW).fullest("acme")).isEmpty();
    }

    private static PoolReading reading(Map<String, Map<String, PoolUsage>> pods) {
        return new PoolReading(Given.NOW, pods.size(), pods);
    }

    private static PoolUsage active(int connections) {
        return new PoolUsage(connections, connections, connections, 0, Duration.ZERO);
    }
}
