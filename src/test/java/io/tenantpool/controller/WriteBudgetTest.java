package io.tenantpool.controller;

import static io.tenantpool.testing.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WriteBudgetTest {
    private final SettableClock clock = new SettableClock();
    private final WriteBudget budget = new WriteBudget(clock, 1000);

    @Test
    void the_first_write_goes_at_once_whatever_its_size() {
        assertThat(budget.take(1_000_000)).isZero();
    }

    @Test
    void the_next_one_waits_for_what_the_first_one_took() {
        budget.take(500);

        assertThat(budget.take(1)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void after_the_wait_it_goes() {
        budget.take(500);
        clock.now = NOW.plusMillis(500);

        assertThat(budget.take(1)).isZero();
    }

    @Test
    void a_write_that_has_to_wait_takes_nothing() {
        budget.take(500);
        budget.take(1_000_000);
        clock.now = NOW.plusMillis(500);

        assertThat(budget.take(1)).isZero();
    }

    @Test
    void idle_time_is_not_saved_up() {
        budget.take(1);
        clock.now = NOW.plus(Duration.ofHours(1));
        budget.take(2000);

        assertThat(budget.take(1)).isEqualTo(Duration.ofSeconds(2));
    }

    private static final class SettableClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
