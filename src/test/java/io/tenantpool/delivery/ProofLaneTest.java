package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The proofs at a time to one PostgreSQL server: bounded, and fair to those that are new. */
class ProofLaneTest {
    private static final int PLACES = 4;
    private final DeliveryLoop loop = new DeliveryLoop();
    private final ProofLane lane = new ProofLane(loop, PLACES);
    private final List<String> started = new ArrayList<>();
    private final Map<String, Promise<Void>> running = new HashMap<>();

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void no_more_proofs_run_at_a_time_than_there_are_places() {
        submit(false, "a", "b", "c", "d", "e");

        assertThat(started).containsExactly("a", "b", "c", "d");
    }

    @Test
    void the_next_one_starts_when_a_place_is_free() {
        submit(false, "a", "b", "c", "d", "e");

        finish("b");

        assertThat(started).endsWith("e");
    }

    @Test
    void those_that_failed_before_get_at_most_half_of_the_places() {
        submit(true, "r1", "r2", "r3", "r4");

        assertThat(started).containsExactly("r1", "r2");
    }

    @Test
    void a_fresh_one_starts_at_once_while_many_retry() {
        submit(true, "r1", "r2", "r3", "r4");

        submit(false, "fresh");

        assertThat(started).endsWith("fresh");
    }

    @Test
    void a_fresh_one_goes_before_those_that_wait_to_retry() {
        submit(false, "a", "b", "c", "d");
        submit(true, "r1");
        submit(false, "fresh");

        finish("a");

        assertThat(started).containsExactly("a", "b", "c", "d", "fresh");
    }

    @Test
    void retries_go_on_when_nobody_is_new() {
        submit(true, "r1", "r2", "r3");

        finish("r1");

        assertThat(started).containsExactly("r1", "r2", "r3");
    }

    @Test
    void a_failed_proof_frees_its_place_too() {
        submit(false, "a", "b", "c", "d", "e");

        onLoop(() -> promise("a").fail("boom"));

        assertThat(started).endsWith("e");
    }

    @Test
    void a_proof_that_cannot_be_started_frees_its_place_too() {
        var narrow = new ProofLane(loop, 1);

        onLoop(() -> narrow.submit(false, false, () -> {
            throw new IllegalStateException("boom");
        }));
        onLoop(() -> narrow.submit(false, false, () -> begin("next", Promise.promise())));

        assertThat(started).containsExactly("next");
    }

    @Test
    void the_last_proof_of_a_tenant_goes_before_the_first_ones_of_others() {
        submit(false, "a", "b", "c", "d", "first of another");
        onLoop(() -> lane.submit(false, true, () -> begin("last", Promise.promise())));

        finish("a");

        assertThat(started).endsWith("last");
    }

    @Test
    void a_lane_of_one_place_lets_both_kinds_through() {
        var narrow = new ProofLane(loop, 1);
        var first = Promise.<Void>promise();

        onLoop(() -> narrow.submit(true, false, () -> begin("r", first)));
        onLoop(() -> narrow.submit(false, false, () -> begin("fresh", Promise.promise())));
        onLoop(first::complete);

        assertThat(started).containsExactly("r", "fresh");
    }

    private void submit(boolean retry, String... names) {
        for (var name : names) {
            onLoop(() -> lane.submit(retry, false, () -> begin(name, Promise.promise())));
        }
    }

    private Future<?> begin(String name, Promise<Void> promise) {
        started.add(name);
        running.put(name, promise);
        return promise.future();
    }

    private void finish(String name) {
        onLoop(() -> promise(name).complete());
    }

    private Promise<Void> promise(String name) {
        return Objects.requireNonNull(running.get(name));
    }

    /** Runs it where all delivery state is confined to, and then what it left to do there. */
    private void onLoop(Runnable task) {
        CompletableFuture.runAsync(task, loop).join();
        CompletableFuture.runAsync(() -> {}, loop).join();
    }
}
