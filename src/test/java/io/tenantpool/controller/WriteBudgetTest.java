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
    void after_a_pause_a_change_goes_to_both_doors_at_once() {
        budget.spend(pooler("a"), 320);

        assertThat(budget.wait(pooler("b"))).isZero();
    }

    @Test
    void a_large_write_makes_everybody_wait_for_what_it_took_beyond_half_a_second() {
        budget.spend(pooler("a"), 700);

        assertThat(budget.wait(pooler("b"))).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void writes_without_a_pause_wait_for_every_byte() {
        budget.spend(pooler("a"), 500);
        budget.spend(pooler("b"), 300);

        assertThat(budget.wait(pooler("c"))).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void after_the_wait_it_goes() {
        budget.spend(pooler("a"), 1000);
        clock.passes(Duration.ofMillis(500));

        assertThat(budget.wait(pooler("a"))).isZero();
    }

    @Test
    void no_more_than_half_a_second_is_saved_up() {
        budget.spend(pooler("a"), 1);
        clock.passes(Duration.ofHours(1));
        budget.spend(pooler("a"), 2000);

        assertThat(budget.wait(pooler("b"))).isEqualTo(Duration.ofMillis(1500));
    }
}
