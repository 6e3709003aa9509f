package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReloadPaceTest {
    private final FakeSurroundings around = new FakeSurroundings();
    private final ReloadPace pace = new ReloadPace(around);

    @AfterEach
    void close() {
        around.close();
    }

    @Test
    void a_pod_that_was_never_seen_to_deliver_is_looked_at_at_once() {
        assertThat(pace.afterKick()).isEqualTo(Duration.ofMillis(60));
    }

    @Test
    void the_first_look_is_taken_shortly_before_the_usual_delay_is_over() {
        pace.delivered(Duration.ofMillis(600));

        assertThat(pace.afterKick()).isBetween(Duration.ofMillis(500), Duration.ofMillis(599));
    }

    @Test
    void an_unusually_slow_delivery_does_not_put_off_the_first_look_for_long() {
        pace.delivered(Duration.ofSeconds(70));

        assertThat(pace.afterKick()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void a_single_change_is_followed_at_the_poll_interval() {
        assertThat(pace.after(Duration.ofMillis(10)))
                .isEqualTo(around.settings().pollInterval());
    }

    @Test
    void a_stream_of_reloads_is_held_to_its_share_of_the_time() {
        var waited = Duration.ZERO;
        for (var reload = 0; reload < 100; reload++) {
            var pause = pace.after(Duration.ofMillis(10));
            waited = waited.plus(pause);
            around.passes(pause);
        }

        // 100 RELOADs of 10 ms less the 150 ms that were saved up, at the share of the settings.
        var expected = Duration.ofMillis((long) (850 / around.settings().reloadShare()));
        assertThat(waited)
                .isBetween(
                        expected.multipliedBy(9).dividedBy(10),
                        expected.multipliedBy(11).dividedBy(10));
    }
}
