package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a peer id, and that it stays. */
class PeerIdTest {
    private final FakeSurroundings world = new FakeSurroundings();
    private final PoolerPods pods = new PoolerPods(world);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void a_pod_that_starts_is_given_an_id() {
        pods.update(List.of(pod("new", false, false, null)));

        assertThat(world.perPod).containsExactly(Map.entry("new", "peer_id = 7"));
    }

    @Test
    void a_pod_that_does_not_even_run_yet_is_given_one_so_that_its_first_file_has_it() {
        pods.update(List.of(new PodView("u", "poolers", "new", null, 6432, null, false, false, true, null)));

        assertThat(world.perPod).containsKey("new");
    }

    @Test
    void a_ready_pod_is_given_none() {
        pods.update(List.of(pod("ready", true, false, null)));

        assertThat(world.perPod).isEmpty();
    }

    @Test
    void a_pod_that_stops_is_given_none() {
        pods.update(List.of(pod("ends", false, true, null)));

        assertThat(world.perPod).isEmpty();
    }

    @Test
    void a_pod_that_has_one_keeps_it_whoever_asks() {
        pods.update(List.of(pod("old", false, false, "peer_id = 3")));
        world.passes(Duration.ofSeconds(1));
        pods.update(List.of(pod("old", false, false, "peer_id = 3")));

        assertThat(world.perPod).isEmpty();
    }

    @Test
    void it_is_given_once_though_the_api_server_has_not_shown_it_yet() {
        pods.update(List.of(pod("new", false, false, null)));
        world.perPod.clear();

        pods.update(List.of(pod("new", false, false, null)));

        assertThat(world.perPod).isEmpty();
    }

    @Test
    void a_pod_that_became_ready_without_one_stays_without() {
        var peer = new PeerId(world);

        peer.give(pod("ready", true, false, null));

        assertThat(peer.number(pod("ready", true, false, null))).isZero();
        assertThat(peer.isAwaited(pod("ready", true, false, null), Duration.ofSeconds(1)))
                .isFalse();
    }

    @Test
    void a_starting_pod_reloads_for_its_id_and_a_ready_one_does_not() {
        var peer = new PeerId(world);

        assertThat(peer.isAwaited(pod("new", false, false, "peer_id = 3"), Duration.ofSeconds(1)))
                .isTrue();
        assertThat(peer.isAwaited(pod("new", true, false, "peer_id = 3"), Duration.ofSeconds(1)))
                .isFalse();
        peer.shown(pod("new", false, false, "peer_id = 3"), 3);
        assertThat(peer.isAwaited(pod("new", false, false, "peer_id = 3"), Duration.ofSeconds(1)))
                .isFalse();
    }

    @Test
    void a_pod_is_no_peer_before_its_process_has_the_id() {
        var starting = pod("new", false, false, "peer_id = 3");
        pods.update(List.of(starting));
        assertThat(pods.peers(new TreeMap<>())).isEmpty();

        pods.counted().get(0).peer().shown(starting, 3);

        assertThat(pods.peers(new TreeMap<>())).containsExactly(Map.entry(3, "10.0.0.1"));
    }

    @Test
    void an_operator_that_has_just_started_believes_the_content() {
        pods.update(List.of(pod("old", true, false, "peer_id = 3")));

        assertThat(pods.peers(new TreeMap<>(Map.of(3, "10.0.0.1")))).containsExactly(Map.entry(3, "10.0.0.1"));
    }

    @Test
    void an_address_that_another_pod_had_is_not_believed() {
        pods.update(List.of(pod("new", true, false, "peer_id = 3")));

        assertThat(pods.peers(new TreeMap<>(Map.of(3, "10.0.0.77")))).isEmpty();
    }

    @Test
    void a_pod_that_stops_stays_a_peer_until_it_is_gone() {
        pods.update(List.of(pod("ends", true, true, "peer_id = 3")));

        assertThat(pods.peers(new TreeMap<>(Map.of(3, "10.0.0.1")))).hasSize(1);
        pods.update(List.of());
        assertThat(pods.peers(new TreeMap<>(Map.of(3, "10.0.0.1")))).isEmpty();
    }

    @Test
    void an_id_that_came_after_the_first_clients_is_taken_back_and_never_given_again() {
        var late = pod("late", true, false, "peer_id = 3");
        pods.update(List.of(late));

        pods.counted().get(0).peer().shown(late, 0);

        assertThat(world.perPod).containsExactly(Map.entry("late", ""));
        assertThat(pods.peers(new TreeMap<>(Map.of(3, "10.0.0.1")))).isEmpty();
        world.perPod.clear();
        pods.update(List.of(pod("late", true, false, "")));
        assertThat(world.perPod).isEmpty();
    }

    @Test
    void an_id_that_a_ready_pod_has_is_not_taken_back() {
        var ready = pod("ready", true, false, "peer_id = 3");
        pods.update(List.of(ready));

        pods.counted().get(0).peer().shown(ready, 3);
        pods.update(List.of(ready));

        assertThat(world.perPod).isEmpty();
    }

    @Test
    void what_somebody_else_wrote_is_no_id() {
        var peer = new PeerId(world);

        assertThat(peer.number(pod("a", true, false, "peer_id = x"))).isZero();
        assertThat(peer.number(pod("a", true, false, "peer_id = 99999999999"))).isZero();
        assertThat(peer.number(pod("a", true, false, "auth_type = any"))).isZero();
        assertThat(peer.number(pod("a", true, false, ""))).isZero();
    }

    @Property(tries = 200)
    void a_free_id_is_in_range_free_and_the_same_for_the_same_pod(
            @ForAll String uid, @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 31) Integer> taken) {
        var content = new TreeMap<Integer, String>();
        taken.forEach(id -> content.put(id, "10.0.0.9"));
        var view = new PodView(uid, "poolers", "new", null, 6432, null, false, false, true, null);

        var id = pods.freePeerId(view, 31, content);

        assertThat(id).isBetween(1, 31).isNotIn(content.keySet()).isEqualTo(pods.freePeerId(view, 31, content));
    }

    private PodView pod(String name, boolean ready, boolean terminating, @Nullable String perPod) {
        return new PodView(
                "uid-" + name, "poolers", name, "10.0.0.1", 6432, world.now(), ready, terminating, true, perPod);
    }
}
