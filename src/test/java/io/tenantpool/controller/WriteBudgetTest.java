package io.tenantpool.controller;

import static io.tenantpool.testing.Given.pooler;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteBudgetTest {
    private final SettableClock clock = new SettableClock();
    private final WriteBudget budget = new WriteBudget(clock, 1000);

    @Test
    void the_first_write_goes_at_once() {
        assertThat(budget.wait(pooler("a"))).isZero();
    }

    @Test
    void a_pooler_waits_a_moment_for_changes_that_come_together() {
        budget.spend(pooler("a"), 1);

        assertThat(budget.wait(pooler("a"))).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void a_small_write_of_one_pooler_hardly_delays_another() {
        budget.spend(pooler("a"), 1);

        assertThat(budget.wait(pooler("b"))).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void a_large_write_makes_everybody_wait_for_what_it_took() {
        budget.spend(pooler("a"), 500);

        assertThat(budget.wait(pooler("b"))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void after_the_wait_it_goes() {
        budget.spend(pooler("a"), 500);
        clock.passes(Duration.ofMillis(500));

        assertThat(budget.wait(pooler("a"))).isZero();
    }

    @Test
    void idle_time_is_not_saved_up() {
        budget.spend(pooler("a"), 1);
        clock.passes(Duration.ofHours(1));
        budget.spend(pooler("a"), 2000);

        assertThat(budget.wait(pooler("b"))).isEqualTo(Duration.ofSeconds(2));
    }
}
