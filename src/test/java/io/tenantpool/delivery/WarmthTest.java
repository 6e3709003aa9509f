package io.tenantpool.delivery;

import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolUsage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools that ask for it are filled by a client of ours. */
class WarmthTest {
    private final FakeSurroundings world = new FakeSurroundings();
    private final PoolerPods pods = new PoolerPods(world);
    private final FakeHolder holder = new FakeHolder();
    private final Warmth warmth = new Warmth(pods, holder);

    @BeforeEach
    void one_pod() {
        pods.update(List.of(FakeSurroundings.pod("pod", true, world.now())));
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void a_cold_pool_is_held_for_as_long_as_it_takes_to_fill() {
        warmth.want(List.of(pool("acme", 4, false)));

        warmth.tick();

        assertThat(holder.held).containsExactly("pod/acme for " + Duration.ofMillis(4 * 350 + 600));
    }

    @Test
    void a_pool_that_is_warm_is_left_alone() {
        holder.servers = 4;
        warmth.want(List.of(pool("acme", 4, false)));

        warmth.tick();

        assertThat(holder.held).isEmpty();
    }

    @Test
    void nobody_is_warmed_who_was_not_proven() {
        holder.proven = false;
        warmth.want(List.of(pool("acme", 4, false)));

        warmth.tick();

        assertThat(holder.held).isEmpty();
    }

    @Test
    void a_drained_pool_and_one_that_does_not_ask_are_not_warmed() {
        warmth.want(List.of(pool("drained", 4, true), pool("cold", 0, false)));

        warmth.tick();

        assertThat(holder.held).isEmpty();
    }

    @Test
    void the_same_pool_is_not_held_twice_at_a_time() {
        warmth.want(List.of(pool("acme", 4, false)));
        warmth.tick();
        world.passes(Duration.ofSeconds(10));

        warmth.tick();

        assertThat(holder.held).hasSize(1);
    }

    @Test
    void a_pool_that_cooled_down_is_warmed_again() {
        warmth.want(List.of(pool("acme", 4, false)));
        warmth.tick();
        holder.leave();
        world.passes(Duration.ofSeconds(10));

        warmth.tick();

        assertThat(holder.held).hasSize(2);
    }

    @Test
    void many_pools_are_warmed_a_few_at_a_time_and_those_that_stay_cold_hold_up_nobody() {
        warmth.want(
                IntStream.range(0, 10).mapToObj(i -> pool("t" + i, 1, false)).toList());
        warmth.tick();
        assertThat(holder.held).hasSize(4);

        holder.leave();
        warmth.tick();
        holder.leave();
        warmth.tick();

        assertThat(holder.held).hasSize(10).doesNotHaveDuplicates();
    }

    private static Wanted.Pool pool(String name, int minIdle, boolean draining) {
        return new Wanted.Pool("uid-" + name, name, "default", 5, minIdle, 5, draining, List.of(role(name)));
    }

    /** Holds until it is told to leave; then what was held is warm. */
    private final class FakeHolder implements Warmth.Holder {
        private final List<String> held = new ArrayList<>();
        private final List<Promise<Void>> open = new ArrayList<>();
        private int servers;
        private boolean proven = true;

        void leave() {
            var all = List.copyOf(open);
            open.clear();
            all.forEach(Promise::complete);
        }

        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public boolean isProven(String tenantUid) {
            return proven;
        }

        @Override
        public CompletionStage<PoolReading> read(Duration maxAge) {
            var usage = new PoolUsage(0, servers, 0, 0, Duration.ZERO);
            return CompletableFuture.completedFuture(
                    new PoolReading(world.now(), 1, Map.of("pod", Map.of("acme", usage))));
        }

        @Override
        public Future<Void> hold(PodView pod, Wanted.Pool pool, Duration time) {
            held.add(pod.name() + "/" + pool.poolName() + " for " + time);
            var promise = Promise.<Void>promise();
            open.add(promise);
            return promise.future();
        }
    }
}
