package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When idle connections are let go quickly. */
class BrakeTest {
    private static final Brake OFF = new Brake(false, Given.NOW);
    private static final Brake ON = new Brake(true, Given.NOW);

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource({
        "84, 100, false",
        "85, 100, true",
        "169, 200, false",
        "170, 200, true",
        "0, 100, false",
        "300, 200, true"
    })
    void it_goes_on_at_eighty_five_percent(int open, int max, boolean on) {
        assertThat(OFF.next(open, max, Given.NOW).on()).isEqualTo(on);
    }

    @ParameterizedTest(name = "{0} of 100 after {1} s: {2}")
    @CsvSource({"84, 3600, true", "70, 3600, true", "69, 60, false", "69, 59, true", "0, 59, true", "0, 60, false"})
    void it_goes_off_below_seventy_percent_and_not_before_a_minute(int open, int seconds, boolean on) {
        assertThat(ON.next(open, 100, Given.NOW.plusSeconds(seconds)).on()).isEqualTo(on);
    }

    @Test
    void many_connections_do_not_overflow() {
        assertThat(OFF.next(Integer.MAX_VALUE, Integer.MAX_VALUE, Given.NOW).on())
                .isTrue();
    }

    @Property
    void it_never_switches_twice_within_a_minute_after_it_went_on(
            @ForAll @Size(max = 40) List<@IntRange(max = 110) Integer> readings) {
        var brake = OFF;
        var now = Given.NOW;
        for (int open : readings) {
            now = now.plusSeconds(5);
            var next = brake.next(open, 100, now);
            if (brake.on() && !next.on()) {
                assertThat(now).isAfterOrEqualTo(brake.since().plus(Brake.AT_LEAST));
                assertThat(open).isLessThan(70);
            }
            brake = next;
        }
    }

    @Test
    void only_poolers_that_lead_to_the_server_are_braked() {
        var world = new PlannedWorld(PlannedWorld.cluster(100, PlannedWorld.pods(2), PlannedWorld.sessionPods(2)));
        world.plan(PlannedWorld.tenant("a", 2));
        world.brake(new ServerKey("default", Upstream.Role.Primary));

        var plan = world.plan(PlannedWorld.tenant("a", 2));

        assertThat(plan.poolers())
                .filteredOn(PoolerContent::braked)
                .extracting(PoolerContent::id)
                .containsExactly(Given.pooler("transaction"));
        world.brake(new ServerKey("default", Upstream.Role.Replica));
        assertThat(world.plan(PlannedWorld.tenant("a", 2)).poolers()).noneMatch(PoolerContent::braked);
    }
}
