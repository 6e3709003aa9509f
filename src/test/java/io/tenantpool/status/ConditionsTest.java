package io.tenantpool.status;

import static io.tenantpool.testing.Given.CLOCK;
import static io.tenantpool.testing.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Clock LATER = Clock.offset(CLOCK, Duration.ofHours(1));

    @Test
    void a_new_condition_carries_the_time_and_the_generation() {
        var condition = ready(CLOCK, List.of(), true).get(0);

        assertThat(condition.getLastTransitionTime()).isEqualTo(NOW.toString());
        assertThat(condition.getObservedGeneration()).isEqualTo(7);
        assertThat(condition.getStatus()).isEqualTo("True");
        assertThat(condition.getReason()).isEqualTo("LoginSucceeded");
    }

    @Test
    void the_time_stays_while_the_status_does() {
        var before = ready(CLOCK, List.of(), true);

        assertThat(ready(LATER, before, true)).isEqualTo(before);
    }

    @Test
    void the_time_moves_with_the_status() {
        var before = ready(CLOCK, List.of(), true);

        assertThat(ready(LATER, before, false).get(0).getLastTransitionTime())
                .isEqualTo(LATER.instant().toString());
    }

    @Test
    void a_server_s_words_become_one_line() {
        var condition = new Conditions(null, 1, CLOCK)
                .set(ConditionType.Ready, false, Reason.LoginRefused, "two\r\nlines\u0000 ")
                .list()
                .get(0);

        assertThat(condition.getMessage()).isEqualTo("two lines");
    }

    @Test
    void a_server_s_words_cannot_fill_the_object() {
        var condition = new Conditions(null, 1, CLOCK)
                .set(ConditionType.Ready, false, Reason.LoginRefused, "x".repeat(100_000))
                .list()
                .get(0);

        assertThat(condition.getMessage()).hasSize(1024).endsWith("…");
    }

    @Test
    void conditions_of_others_and_their_order_say_nothing() {
        var ours = ready(CLOCK, List.of(), true).get(0);
        var foreign = new ConditionBuilder().withType("example.com/Audited").build();

        assertThat(Conditions.same(List.of(ours, foreign), List.of(ours))).isTrue();
        assertThat(Conditions.same(null, List.of(foreign))).isTrue();
    }

    @Test
    void another_message_is_not_the_same() {
        var one = new ConditionBuilder().withType("Ready").withMessage("a").build();
        var other = new ConditionBuilder().withType("Ready").withMessage("b").build();

        assertThat(Conditions.same(List.of(one), List.of(other))).isFalse();
    }

    private static List<Condition> ready(Clock clock, List<Condition> before, boolean status) {
        return new Conditions(before, 7, clock)
                .set(ConditionType.Ready, status, Reason.LoginSucceeded, "text")
                .list();
    }
}
