package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolUsage;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Secret;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.SettableClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When pods are asked how full their pools are, and what is made of their answers. */
class PoolReadingsTest {
    private static final PoolerId POOLER = Given.pooler("transaction");
    private static final Duration MAX_AGE = Duration.ofSeconds(5);
    private static final Map<String, PoolUsage> POOLS =
            Map.of("acme", new PoolUsage(1, 2, 3, 0, Duration.ZERO), "other", PoolUsage.NONE);

    private final DeliveryLoop loop = new DeliveryLoop();
    private final SettableClock clock = new SettableClock();
    private final List<String> opened = new ArrayList<>();
    private final Map<String, Promise<FakeSession>> logins = new HashMap<>();
    private final PoolReadings readings = new PoolReadings(loop, clock, this::open);

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void every_pod_that_runs_is_asked() {
        given(pod("a"), pod("b"));

        var reading = read();
        answer("a");
        answer("b");

        assertThat(now(reading)).isEqualTo(new PoolReading(Given.NOW, 2, Map.of("a", POOLS, "b", POOLS)));
    }

    @Test
    void nobody_talks_to_a_pod_that_shuts_down_or_does_not_run_yet() {
        given(
                pod("a"),
                terminating("b"),
                new PodView("uid-c", "poolers", "c", null, 6432, null, false, false, true, null));

        var reading = read();
        answer("a");

        assertThat(opened).containsExactly("a");
        assertThat(now(reading).podsAsked()).isEqualTo(1);
    }

    @Test
    void a_session_that_comes_when_its_pod_shuts_down_is_closed_without_a_question() {
        given(pod("a"));
        var reading = read();

        onLoop(() -> readings.podsChanged(POOLER, List.of(terminating("a"))));
        var session = answer("a");

        assertThat(session.asked).isFalse();
        assertThat(session.closed).isTrue();
        assertThat(now(reading)).isEqualTo(new PoolReading(Given.NOW, 1, Map.of()));
    }

    @Test
    void no_session_stays_open() {
        given(pod("a"), pod("b"));

        var reading = read();
        var good = answer("a");
        var bad = new FakeSession(Future.failedFuture("no answer to the query"));
        login("b").complete(bad);
        now(reading);

        assertThat(List.of(good, bad))
                .allSatisfy(session -> assertThat(session.closed).isTrue());
    }

    @Test
    void a_pod_that_does_not_answer_is_missing() {
        given(pod("a"), pod("b"), pod("c"));

        var reading = read();
        login("a").fail("no answer to the login");
        answer("b");
        login("c").complete(new FakeSession(Future.failedFuture("no answer to the query")));

        assertThat(now(reading)).isEqualTo(new PoolReading(Given.NOW, 3, Map.of("b", POOLS)));
    }

    @Test
    void those_who_ask_at_the_same_time_share_one_reading() {
        given(pod("a"));

        var first = read();
        var second = read();
        answer("a");

        assertThat(now(second)).isSameAs(now(first));
        assertThat(opened).hasSize(1);
    }

    @Test
    void a_reading_that_is_young_enough_is_not_repeated() {
        given(pod("a"));
        var first = read();
        answer("a");
        now(first);

        clock.passes(MAX_AGE.minusMillis(1));

        assertThat(now(read())).isSameAs(now(first));
    }

    @Test
    void a_reading_that_is_too_old_is_repeated() {
        given(pod("a"));
        var first = read();
        answer("a");
        now(first);

        clock.passes(MAX_AGE);
        var second = read();
        answer("a");

        assertThat(now(second).at()).isEqualTo(Given.NOW.plus(MAX_AGE));
        assertThat(opened).hasSize(2);
    }

    @Test
    void a_clock_that_was_set_back_makes_no_reading_young() {
        given(pod("a"));
        var first = read();
        answer("a");
        now(first);

        clock.passes(Duration.ofHours(-1));
        read();

        assertThat(opened).hasSize(2);
    }

    @Test
    void the_last_reading_stays_known() {
        given(pod("a"));
        assertThat(readings.last(POOLER)).isEmpty();
        var first = read();
        answer("a");

        assertThat(readings.last(POOLER)).contains(now(first));
    }

    @Test
    void a_pooler_that_nobody_wants_has_no_pods() {
        assertThat(now(read()).podsAsked()).isZero();
        assertThat(readings.last(POOLER)).isEmpty();
    }

    @Test
    void a_pooler_without_pods_is_read_at_once() {
        given();

        assertThat(now(read())).isEqualTo(new PoolReading(Given.NOW, 0, Map.of()));
    }

    @Test
    void what_was_forgotten_is_not_remembered_by_a_late_answer() {
        given(pod("a"));
        var reading = read();

        onLoop(() -> readings.forget(POOLER));
        answer("a");

        assertThat(now(reading).podsAsked()).isEqualTo(1);
        assertThat(readings.last(POOLER)).isEmpty();
    }

    @Test
    void another_poolercluster_of_the_same_name_is_read_anew() {
        given(pod("a"));
        var old = read();
        answer("a");
        now(old);

        onLoop(() -> readings.want(wanted(POOLER, "uid-of-another")));

        assertThat(readings.last(POOLER)).isEmpty();
        read();
        assertThat(opened).hasSize(2);
    }

    @Test
    void the_shares_of_one_poolercluster_are_told_and_of_no_other() {
        var session = Given.pooler("session");
        var elsewhere = new PoolerId("poolers", "main2", PoolerId.FIRST_CELL, "transaction");
        onLoop(() -> List.of(POOLER, session, elsewhere).forEach(id -> readings.want(wanted(id, "uid-main"))));

        var share = List.of(new PoolShare(Given.id("acme"), "acme-pool", 7));
        assertThat(readings.shares("poolers", "main")).isEqualTo(Map.of(POOLER, share, session, share));
        assertThat(readings.shares("poolers", "mai")).isEmpty();
        assertThat(readings.shares("other", "main")).isEmpty();
    }

    private void given(PodView... pods) {
        onLoop(() -> {
            readings.want(wanted(POOLER, "uid-main"));
            readings.podsChanged(POOLER, Arrays.asList(pods));
        });
    }

    private static Wanted wanted(PoolerId id, String clusterUid) {
        var target =
                new Wanted.Target(Given.id("acme"), "acme-pool", "default", List.of(Given.role("acme")), 7, "1", true);
        return new Wanted(
                id,
                clusterUid,
                "r1",
                Given.KEYS,
                PoolerTls.PLAIN,
                new Secret("s"),
                6432,
                null,
                true,
                List.of(target),
                List.of(),
                new TreeMap<>());
    }

    private static PodView pod(String name) {
        return FakeSurroundings.pod(name, true, Given.NOW);
    }

    private static PodView terminating(String name) {
        return new PodView("uid-" + name, "poolers", name, "10.0.0.1", 6432, Given.NOW, true, true, true, null);
    }

    private CompletableFuture<PoolReading> read() {
        var reading = readings.read(POOLER, MAX_AGE).toCompletableFuture();
        settle();
        return reading;
    }

    private static PoolReading now(CompletableFuture<PoolReading> reading) {
        return reading.orTimeout(5, TimeUnit.SECONDS).join();
    }

    private Future<FakeSession> open(PodView pod, Wanted wanted) {
        opened.add(pod.name());
        var promise = Promise.<FakeSession>promise();
        logins.put(pod.name(), promise);
        return promise.future();
    }

    private Promise<FakeSession> login(String pod) {
        return Objects.requireNonNull(logins.get(pod));
    }

    private FakeSession answer(String pod) {
        var session = new FakeSession(Future.succeededFuture(POOLS));
        login(pod).complete(session);
        settle();
        return session;
    }

    private void onLoop(Runnable task) {
        CompletableFuture.runAsync(task, loop).join();
    }

    /** What was handed to the loop may hand on, twice at most. */
    private void settle() {
        for (var i = 0; i < 3; i++) {
            onLoop(() -> {});
        }
    }
}
