package io.tenantpool.upstream;

import static io.tenantpool.upstream.LiveLimits.AFTER_FAILURE;
import static io.tenantpool.upstream.LiveLimits.FORGOTTEN_AFTER;
import static io.tenantpool.upstream.LiveLimits.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.Secret;
import io.tenantpool.testing.SettableClock;
import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Problem;
import io.tenantpool.upstream.Answer.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveLimitsTest {
    private static final UpstreamKey KEY = new UpstreamKey("uid-main", "poolers", "main", "default");
    private static final Server SERVER = new Server("pg", 5432, "admin", new Secret("p"), Transport.PLAIN);
    private static final Answer DOWN = new Failed(Problem.UNREACHABLE, "it is down");

    private final SettableClock clock = new SettableClock();
    private final ManualTimer timer = new ManualTimer();
    private final List<Server> asked = new ArrayList<>();
    private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
    private final List<UpstreamKey> told = new ArrayList<>();
    private final LiveLimits limits = new LiveLimits(this::ask, timer, clock, told::add);

    @Test
    void a_server_is_asked_at_once_and_then_every_minute() {
        limits.want(KEY, SERVER);
        assertThat(asked).containsExactly(SERVER);
        assertThat(limits.known(KEY)).isEmpty();

        answer(settings(100));

        assertThat(limits.known(KEY)).map(ServerSettings::available).contains(97);
        assertThat(timer.delays()).containsExactly(PERIOD);
        timer.fire();
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_server_that_is_wanted_again_is_not_asked_again() {
        limits.want(KEY, SERVER);
        answer(settings(100));

        limits.want(KEY, SERVER);

        assertThat(asked).hasSize(1);
    }

    @Test
    void a_server_that_is_down_keeps_what_it_said_and_is_asked_again_soon() {
        limits.want(KEY, SERVER);
        answer(settings(100));
        timer.fire();

        answer(DOWN);

        assertThat(limits.known(KEY)).map(ServerSettings::available).contains(97);
        assertThat(limits.lastError(KEY)).contains("it is down");
        assertThat(timer.delays()).containsExactly(AFTER_FAILURE);
    }

    @Test
    void an_answer_takes_the_error_away() {
        limits.want(KEY, SERVER);
        answer(DOWN);
        timer.fire();

        answer(settings(100));

        assertThat(limits.lastError(KEY)).isEmpty();
    }

    @Test
    void the_listener_hears_of_the_first_answer_and_of_each_change_of_the_limit() {
        limits.want(KEY, SERVER);
        answer(settings(100));
        assertThat(told).containsExactly(KEY);
        timer.fire();

        answer(settings(100));
        assertThat(told).hasSize(1);
        timer.fire();

        answer(settings(200));
        assertThat(told).hasSize(2);
    }

    @Test
    void the_listener_does_not_hear_of_clients_that_come_and_go() {
        limits.want(KEY, SERVER);
        answer(new Told(new ServerSettings(100, 3, 1)));
        timer.fire();

        answer(new Told(new ServerSettings(100, 3, 50)));

        assertThat(told).hasSize(1);
        assertThat(limits.known(KEY)).map(ServerSettings::inUse).contains(50);
    }

    @Test
    void the_listener_hears_of_an_error_once_and_of_its_end() {
        limits.want(KEY, SERVER);
        answer(DOWN);
        timer.fire();
        answer(DOWN);
        assertThat(told).hasSize(1);
        timer.fire();

        answer(settings(100));

        assertThat(told).hasSize(2);
    }

    @Test
    void another_password_is_tried_at_once_and_forgets_nothing() {
        limits.want(KEY, SERVER);
        answer(settings(100));

        limits.want(KEY, new Server("pg", 5432, "admin", new Secret("new"), Transport.PLAIN));

        assertThat(asked).hasSize(2);
        assertThat(limits.known(KEY)).isPresent();
    }

    @Test
    void what_another_server_said_is_forgotten() {
        limits.want(KEY, SERVER);
        answer(settings(100));

        limits.want(KEY, new Server("other", 5432, "admin", new Secret("p"), Transport.PLAIN));

        assertThat(limits.known(KEY)).isEmpty();
    }

    @Test
    void an_answer_to_an_earlier_question_is_not_taken_for_that_of_another_server() {
        limits.want(KEY, SERVER);
        var late = answers.get(0);
        limits.want(KEY, new Server("other", 5432, "admin", new Secret("p"), Transport.PLAIN));
        answer(settings(200));

        late.complete(settings(100));

        assertThat(limits.known(KEY)).map(ServerSettings::maxConnections).contains(200);
        assertThat(timer.delays()).hasSize(1);
    }

    @Test
    void a_poolercluster_that_is_forgotten_is_not_asked_for_any_more() {
        limits.want(KEY, SERVER);
        answer(settings(100));

        limits.forget("uid-main");
        timer.fire();

        assertThat(asked).hasSize(1);
        assertThat(limits.known(KEY)).isEmpty();
    }

    @Test
    void an_upstream_that_is_not_retained_is_dropped_and_others_stay() {
        var second = new UpstreamKey("uid-main", "poolers", "main", "second");
        var foreign = new UpstreamKey("uid-other", "poolers", "other", "default");
        for (var key : List.of(KEY, second, foreign)) {
            limits.want(key, SERVER);
            answer(settings(100));
        }

        limits.retainAll("uid-main", List.of(second));

        assertThat(limits.known(KEY)).isEmpty();
        assertThat(limits.known(second)).isPresent();
        assertThat(limits.known(foreign)).isPresent();
    }

    @Test
    void a_poolercluster_that_nobody_wants_any_more_is_forgotten_after_a_while() {
        limits.want(KEY, SERVER);
        answer(settings(100));
        clock.passes(FORGOTTEN_AFTER.plusSeconds(1));

        timer.fire();

        assertThat(asked).hasSize(1);
        assertThat(limits.known(KEY)).isEmpty();
    }

    @Test
    void one_that_is_wanted_again_and_again_is_not_forgotten() {
        limits.want(KEY, SERVER);
        answer(settings(100));
        clock.passes(FORGOTTEN_AFTER);
        limits.want(KEY, SERVER);
        clock.passes(FORGOTTEN_AFTER);

        timer.fire();

        assertThat(asked).hasSize(2);
    }

    @Test
    void a_question_that_breaks_is_asked_again() {
        limits.want(KEY, SERVER);
        answers.get(0).completeExceptionally(new IllegalStateException("secret words"));

        assertThat(limits.lastError(KEY))
                .hasValueSatisfying(error -> assertThat(error).doesNotContain("secret words"));
        assertThat(timer.delays()).containsExactly(AFTER_FAILURE);
    }

    @Test
    void a_question_that_cannot_even_be_asked_is_asked_again() {
        var broken = new LiveLimits(
                server -> {
                    throw new IllegalStateException("secret words");
                },
                timer,
                clock,
                told::add);

        broken.want(KEY, SERVER);

        assertThat(broken.lastError(KEY)).isPresent();
        assertThat(timer.delays()).containsExactly(AFTER_FAILURE);
    }

    private CompletableFuture<Answer> ask(Server server) {
        asked.add(server);
        var answer = new CompletableFuture<Answer>();
        answers.add(answer);
        return answer;
    }

    private void answer(Answer answer) {
        answers.get(answers.size() - 1).complete(answer);
    }

    private static Answer settings(int maxConnections) {
        return new Told(new ServerSettings(maxConnections, 3, 1));
    }
}
