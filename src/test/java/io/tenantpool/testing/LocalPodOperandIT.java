package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the pods of a local node come, go, and learn about themselves. */
class LocalPodOperandIT {
    @SuppressWarnings("NullAway.Init")
    private HandMadePooler pooler;

    @BeforeEach
    void start() {
        pooler = HandMadePooler.start();
    }

    @AfterEach
    void stop() throws Exception {
        pooler.close();
    }

    @Test
    void a_pod_finds_its_own_name_uid_and_labels_in_files() {
        Pod pod = pooler.ready().get(0);
        assertThat(pooler.file(pod, "name")).isEqualTo(pod.getMetadata().getName());
        assertThat(pooler.file(pod, "uid")).isEqualTo(pod.getMetadata().getUid());
        assertThat(pooler.file(pod, "traffic")).isEqualTo("on");
    }

    @Test
    void the_file_of_an_annotation_is_empty_without_it_and_follows_it() throws SQLException {
        Pod pod = pooler.ready().get(0);
        assertThat(pooler.file(pod, "peer.ini")).isEmpty();
        assertThat(HandMadePooler.setting(pod, "peer_id")).isEqualTo("0");

        pooler.annotate(pod, HandMadePooler.PEER, "peer_id = 17");

        await().untilAsserted(() -> assertThat(pooler.file(pod, "peer.ini")).isEqualTo("peer_id = 17"));
        HandMadePooler.console(pod, "RELOAD");
        assertThat(HandMadePooler.setting(pod, "peer_id")).isEqualTo("17");
    }

    @Test
    void a_changed_label_reaches_its_file_although_an_annotation_has_the_same_key() {
        Pod pod = pooler.ready().get(0);
        pooler.annotate(pod, "tenantpool.io/traffic", "an annotation");

        pooler.label(pod, "tenantpool.io/traffic", "off");

        await().untilAsserted(() -> assertThat(pooler.file(pod, "traffic")).isEqualTo("off"));
    }

    @Test
    void an_annotation_written_as_soon_as_the_pod_exists_is_there_when_the_process_starts() throws Exception {
        var pods = pooler.api().client().pods().inNamespace(HandMadePooler.NAMESPACE);
        try (var watch = pods.watch(new AnnotatedWhenAdded())) {
            Pod old = pooler.ready().get(0);
            pooler.node().evict(old.getMetadata().getName());
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> pooler.live(old).isEmpty() && pooler.ready().size() == 2);
        }
        assertThat(peerIds()).containsExactlyInAnyOrder("0", "17");
    }

    @Test
    void more_replicas_bring_pods_and_fewer_take_them_away() {
        Set<String> first = uids(pooler.ready());
        pooler.patchDeployment("{\"spec\":{\"replicas\":4}}");
        await().atMost(Duration.ofSeconds(15)).until(() -> pooler.ready().size() == 4);
        assertThat(uids(pooler.ready())).containsAll(first);

        pooler.patchDeployment("{\"spec\":{\"replicas\":2}}");

        await().atMost(Duration.ofSeconds(15)).until(() -> pooler.node().pods().size() == 2);
        assertThat(uids(pooler.ready())).as("the youngest go first").isEqualTo(first);
        await().untilAsserted(() ->
                assertThat(pooler.deployment().getStatus().getReplicas()).isEqualTo(2));
    }

    @Test
    void a_pod_that_is_cheap_to_delete_goes_first() {
        Pod cheap = pooler.ready().get(0);
        Pod dear = pooler.ready().get(1);
        pooler.annotate(cheap, "controller.kubernetes.io/pod-deletion-cost", "-1");

        pooler.patchDeployment("{\"spec\":{\"replicas\":1}}");

        await().atMost(Duration.ofSeconds(15)).until(() -> pooler.node().pods().size() == 1);
        assertThat(uids(pooler.ready())).containsExactly(dear.getMetadata().getUid());
    }

    @Test
    void a_deployment_can_go_to_no_pod_and_back() {
        pooler.patchDeployment("{\"spec\":{\"replicas\":0}}");
        await().atMost(Duration.ofSeconds(15)).until(() -> pooler.node().pods().isEmpty());

        pooler.patchDeployment("{\"spec\":{\"replicas\":1}}");

        await().atMost(Duration.ofSeconds(15)).until(() -> pooler.ready().size() == 1);
    }

    @Test
    void a_deployment_that_names_no_replicas_has_one_pod() {
        pooler.patchDeployment("{\"spec\":{\"replicas\":null}}");

        await().atMost(Duration.ofSeconds(15)).until(() -> pooler.node().pods().size() == 1);
        assertThat(pooler.ready()).hasSize(1);
    }

    @Test
    void an_evicted_pod_finishes_its_transaction_while_another_takes_its_place() throws SQLException {
        Pod evicted = pooler.ready().get(0);
        try (Connection client = HandMadePooler.connect(evicted.getStatus().getPodIP())) {
            client.setAutoCommit(false);
            HandMadePooler.select(client);

            pooler.node().evict(evicted.getMetadata().getName());

            await().until(() -> pooler.ready().size() == 2);
            assertThat(pooler.live(evicted).orElseThrow().getMetadata().getDeletionTimestamp())
                    .isNotBlank();
            assertThat(HandMadePooler.select(client)).isEqualTo(1);
            client.commit();
        }
        await().until(() -> pooler.live(evicted).isEmpty());
        assertThat(pooler.node().failures()).isEmpty();
    }

    @Test
    void a_pod_stays_open_for_logins_until_its_hook_has_slept() throws SQLException {
        Pod evicted = pooler.ready().get(0);
        pooler.node().evict(evicted.getMetadata().getName());
        assertThat(HandMadePooler.select(evicted.getStatus().getPodIP())).isEqualTo(1);
    }

    @Test
    void a_transaction_that_outlives_the_grace_period_is_cut() throws SQLException {
        Pod evicted = pooler.ready().get(0);
        try (Connection client = HandMadePooler.connect(evicted.getStatus().getPodIP())) {
            client.setAutoCommit(false);
            HandMadePooler.select(client);
            pooler.node().evict(evicted.getMetadata().getName());

            await().atMost(Duration.ofSeconds(15))
                    .until(() -> pooler.live(evicted).isEmpty());

            assertThatThrownBy(() -> HandMadePooler.select(client)).isInstanceOf(SQLException.class);
        }
    }

    private List<String> peerIds() throws SQLException {
        List<String> ids = new ArrayList<>();
        for (Pod pod : pooler.ready()) {
            ids.add(HandMadePooler.setting(pod, "peer_id"));
        }
        return ids;
    }

    private static Set<String> uids(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    }

    /** Gives every pod without an address its peer_id, as an operator would. */
    private final class AnnotatedWhenAdded implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            if (action == Action.ADDED && pod.getStatus() == null) {
                pooler.annotate(pod, HandMadePooler.PEER, "peer_id = 17");
            }
        }

        @Override
        public void onClose(@Nullable WatcherException cause) {}
    }
}
