package io.tenantpool.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.PasswordAnswer;
import io.tenantpool.model.Secret;
import io.tenantpool.testing.SettableClock;
import io.tenantpool.upstream.PasswordChecks.Question;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PasswordChecksTest {
    private static final UpstreamKey KEY = new UpstreamKey("uid", "poolers", "main", "default");

    private final ManualTimer timer = new ManualTimer();
    private final SettableClock clock = new SettableClock();
    private final Deque<CompletableFuture<PasswordAnswer>> logins = new ArrayDeque<>();
    private final List<String> databases = new ArrayList<>();
    private final List<UpstreamKey> told = new ArrayList<>();

    private final PasswordChecks checks = new PasswordChecks(
            (server, database) -> {
                var login = new CompletableFuture<PasswordAnswer>();
                logins.add(login);
                databases.add(database);
                return login;
            },
            timer,
            clock,
            told::add);

    @Test
    void a_question_is_asked_once_and_its_answer_told() {
        assertThat(ask("new")).isEqualTo(PasswordAnswer.PENDING);
        assertThat(ask("new")).isEqualTo(PasswordAnswer.PENDING);
        assertThat(databases).containsExactly("acme");

        answer(PasswordAnswer.ACCEPTED);

        assertThat(ask("new")).isEqualTo(PasswordAnswer.ACCEPTED);
        assertThat(told).containsExactly(KEY);
        assertThat(timer.delays()).isEmpty();
    }

    @Test
    void a_password_that_is_unknown_is_tried_again_each_second_until_it_is_known() {
        ask("new");
        answer(PasswordAnswer.REJECTED);
        assertThat(timer.delays()).containsExactly(PasswordChecks.AGAIN);
        timer.fire();
        answer(PasswordAnswer.REJECTED);
        assertThat(told).hasSize(1);

        timer.fire();
        answer(PasswordAnswer.ACCEPTED);

        assertThat(ask("new")).isEqualTo(PasswordAnswer.ACCEPTED);
        assertThat(told).hasSize(2);
    }

    @Test
    void a_password_that_stays_unknown_is_tried_less_often() {
        ask("new");
        answer(PasswordAnswer.REJECTED);
        clock.passes(PasswordChecks.EAGER);

        timer.fire();
        answer(PasswordAnswer.REJECTED);

        assertThat(timer.delays()).containsExactly(PasswordChecks.LATER);
    }

    @Test
    void a_server_that_cannot_be_asked_is_given_three_tries_and_the_next_question_one() {
        ask("new");
        for (var i = 1; i < PasswordChecks.TRIES_WITHOUT_ANSWER; i++) {
            answer(PasswordAnswer.UNCHECKED);
            assertThat(ask("new")).isEqualTo(PasswordAnswer.PENDING);
            timer.fire();
        }
        answer(PasswordAnswer.UNCHECKED);
        assertThat(ask("new")).isEqualTo(PasswordAnswer.UNCHECKED);
        assertThat(checks.unchecked("uid")).containsExactly("default");

        ask("newer");
        answer(PasswordAnswer.UNCHECKED);
        assertThat(ask("newer")).isEqualTo(PasswordAnswer.UNCHECKED);

        ask("newest");
        answer(PasswordAnswer.ACCEPTED);
        assertThat(checks.unchecked("uid")).isEmpty();
    }

    @Test
    void a_password_that_was_unknown_stays_so_while_the_server_is_away() {
        ask("new");
        answer(PasswordAnswer.REJECTED);
        for (var i = 0; i < 2 * PasswordChecks.TRIES_WITHOUT_ANSWER; i++) {
            timer.fire();
            answer(PasswordAnswer.UNCHECKED);
        }

        assertThat(ask("new")).isEqualTo(PasswordAnswer.REJECTED);
    }

    @Test
    void no_more_than_four_logins_run_at_a_time() {
        for (var i = 0; i < 6; i++) {
            ask("password " + i);
        }
        assertThat(databases).hasSize(PasswordChecks.AT_ONCE);

        answer(PasswordAnswer.ACCEPTED);

        assertThat(databases).hasSize(PasswordChecks.AT_ONCE + 1);
    }

    @Test
    void a_question_that_nobody_has_any_more_is_dropped() {
        ask("new");
        checks.retainAll("uid", Set.of());

        answer(PasswordAnswer.REJECTED);

        assertThat(timer.delays()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void a_question_does_not_print_its_password() {
        assertThat(question("hunter2").toString()).doesNotContain("hunter2");
    }

    private PasswordAnswer ask(String password) {
        return checks.ask(question(password), Transport.PLAIN, "acme");
    }

    private void answer(PasswordAnswer answer) {
        logins.remove().complete(answer);
    }

    private static Question question(String password) {
        return new Question(KEY, new ServerAddress("pg", 5432), "acme", new Secret(password));
    }
}
