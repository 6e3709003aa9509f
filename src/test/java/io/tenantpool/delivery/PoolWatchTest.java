package io.tenantpool.delivery;

import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a lowered pool has shrunk on every pod, and when a drained tenant has no client left. */
class PoolWatchTest {
    private final FakeSurroundings world = new FakeSurroundings();
    private final PoolerPods pods = new PoolerPods(world);
    private final FakeReader reader = new FakeReader();
    private final PoolWatch watch = new PoolWatch(pods, reader);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void a_lowered_pool_is_settled_when_every_pod_holds_no_more_than_its_share() {
        reader.says("pod-1", "acme", 5, 3);
        reader.says("pod-2", "acme", 6, 0);
        want(1, lowered("acme", 5));
        watch.tick();
        assertThat(watch.settled()).isEmpty();

        reader.says("pod-2", "acme", 5, 3);
        watch.tick();

        assertThat(watch.settled()).containsExactly("uid-acme");
    }

    @Test
    void a_pool_that_no_pod_lists_is_settled_and_empty() {
        reader.says("pod-1", "other", 50, 50);
        want(1, lowered("acme", 5), draining("gone"));

        watch.tick();

        assertThat(watch.settled()).containsExactly("uid-acme");
        assertThat(watch.empty()).containsExactly("uid-gone");
    }

    @Test
    void a_drained_tenant_is_empty_when_no_pod_has_a_client_of_it_though_server_connections_idle() {
        reader.says("pod-1", "acme", 5, 1);
        want(1, draining("acme"));
        watch.tick();
        assertThat(watch.empty()).isEmpty();

        reader.says("pod-1", "acme", 5, 0);
        watch.tick();

        assertThat(watch.empty()).containsExactly("uid-acme");
        assertThat(watch.settled()).isEmpty();
    }

    @Test
    void a_pod_that_gives_no_answer_may_hold_anything() {
        reader.says("pod-1", "acme", 0, 0);
        reader.silent = 1;
        want(1, lowered("acme", 5), draining("gone"));

        watch.tick();

        assertThat(watch.settled()).isEmpty();
        assertThat(watch.empty()).isEmpty();
    }

    @Test
    void nothing_is_asked_before_every_pod_has_the_content() {
        pods.update(List.of(FakeSurroundings.pod("behind", true, world.now())));
        want(1, draining("acme"));

        watch.tick();

        assertThat(reader.asked).isZero();
        assertThat(watch.empty()).isEmpty();
    }

    @Test
    void an_answer_from_before_the_last_pod_refused_logins_proves_nothing() {
        reader.at = world.now().minusMillis(500); // shared with somebody who asked earlier
        reader.says("pod-1", "acme", 0, 0);
        want(1, draining("acme"), lowered("other", 5));

        watch.tick();

        assertThat(watch.empty()).isEmpty();
        assertThat(watch.settled()).isEmpty();
        reader.at = world.now();
        watch.tick();
        assertThat(watch.empty()).containsExactly("uid-acme");
        assertThat(watch.settled()).containsExactly("uid-other");
    }

    @Test
    void an_answer_to_the_content_before_says_nothing_of_this_one() {
        var late = new CompletableFuture<PoolReading>();
        reader.answers = () -> late;
        want(1, lowered("acme", 10));
        watch.tick();
        want(2, lowered("acme", 5));

        late.complete(reader.reading());

        assertThat(watch.settled()).isEmpty();
    }

    @Test
    void a_pool_that_is_lowered_further_has_to_settle_again() {
        want(1, lowered("acme", 10));
        watch.tick();

        want(2, lowered("acme", 5));

        assertThat(watch.settled()).isEmpty();
    }

    @Test
    void a_tenant_that_returned_and_is_drained_again_has_to_empty_again() {
        want(1, draining("acme"));
        watch.tick();
        assertThat(watch.empty()).isNotEmpty();

        want(2, pool("acme", 5, false, false));
        want(3, draining("acme"));

        assertThat(watch.empty()).isEmpty();
    }

    @Test
    void what_was_found_out_stays_when_others_change() {
        want(1, draining("acme"), lowered("other", 5));
        watch.tick();

        want(2, draining("acme"), lowered("other", 5), pool("new", 5, false, false));

        assertThat(watch.empty()).containsExactly("uid-acme");
        assertThat(watch.settled()).containsExactly("uid-other");
    }

    @Test
    void a_pod_that_stops_holds_what_it_had() {
        pods.update(
                List.of(new PodView("u", "poolers", "ends", "10.0.0.2", 6432, world.now(), true, true, true, null)));
        want(1, lowered("acme", 5));

        watch.tick();

        assertThat(watch.settled()).isEmpty();
        pods.update(List.of());
        watch.tick();
        assertThat(watch.settled()).containsExactly("uid-acme");
    }

    @Test
    void pools_that_neither_shrink_nor_empty_are_not_asked_for() {
        want(1, pool("acme", 5, false, false));

        watch.tick();

        assertThat(reader.asked).isZero();
    }

    private void want(int revision, Wanted.Pool... wanted) {
        watch.want(List.of(wanted), pods.want(FakeSurroundings.wanted("r" + revision), null));
    }

    private static Wanted.Pool lowered(String name, int share) {
        return pool(name, share, true, false);
    }

    private static Wanted.Pool draining(String name) {
        return pool(name, 5, false, true);
    }

    static Wanted.Pool pool(String name, int share, boolean lowered, boolean draining) {
        return new Wanted.Pool(
                "uid-" + name, name, "default", share, 0, lowered ? 2 * share : share, draining, List.of(role(name)));
    }

    /** Answers what it was told to. */
    private final class FakeReader implements PoolWatch.Reader {
        private final Map<String, Map<String, PoolUsage>> usages = new HashMap<>();
        private Supplier<CompletableFuture<PoolReading>> answers = () -> CompletableFuture.completedFuture(reading());
        private Instant at = world.now();
        private int silent;
        private int asked;

        void says(String pod, String pool, int servers, int clients) {
            usages.computeIfAbsent(pod, p -> new HashMap<>())
                    .put(pool, new PoolUsage(0, servers, clients, 0, Duration.ZERO));
        }

        PoolReading reading() {
            return new PoolReading(at, usages.size() + silent, Map.copyOf(usages));
        }

        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public CompletionStage<PoolReading> read(Duration maxAge) {
            asked++;
            return answers.get();
        }

        @Override
        public void reconnect(PodView pod, String poolName) {
            // only pods that have the content are asked, and no pod of this test ever has
        }
    }
}
