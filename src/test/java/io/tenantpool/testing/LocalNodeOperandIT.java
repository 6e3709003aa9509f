package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalNodeOperandIT {
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
    void a_deployment_runs_real_poolers_that_one_can_log_in_through() throws SQLException {
        for (Pod pod : pooler.ready()) {
            assertThat(HandMadePooler.select(pod.getStatus().getPodIP())).isEqualTo(1);
            assertThat(pod.getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .getState()
                            .getRunning()
                            .getStartedAt())
                    .isNotBlank();
        }
        assertThat(HandMadePooler.select(pooler.serviceAddress())).isEqualTo(1);
        await().untilAsserted(() -> {
            var deployment = pooler.deployment();
            assertThat(deployment.getStatus().getAvailableReplicas()).isEqualTo(2);
            assertThat(deployment.getStatus().getObservedGeneration())
                    .isEqualTo(deployment.getMetadata().getGeneration());
        });
        assertThat(pooler.node().failures()).isEmpty();
    }

    @Test
    void a_changed_annotation_brings_the_new_secret_into_the_pod() throws SQLException {
        Pod kicked = pooler.ready().get(0);
        Pod other = pooler.ready().get(1);
        pooler.publish("rev-2");

        pooler.annotate(kicked, HandMadePooler.REVISION, "two");

        await().untilAsserted(
                        () -> assertThat(pooler.file(kicked, "pgbouncer.ini")).contains("rev-2"));
        assertThat(pooler.file(kicked, "self.ini")).isEqualTo("two");
        assertThat(pooler.file(other, "pgbouncer.ini")).contains("rev-1");
        await().untilAsserted(() -> {
            HandMadePooler.console(kicked, "RELOAD");
            assertThat(marker(kicked)).isEqualTo("rev-2");
        });
        assertThat(marker(other)).isEqualTo("rev-1");
    }

    @Test
    void a_killed_process_is_started_again_with_the_newest_files() {
        Pod pod = pooler.ready().get(0);
        pooler.publish("rev-2");

        pooler.node().killProcess(pod.getMetadata().getName());

        await().ignoreExceptions().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(marker(pod))
                .isEqualTo("rev-2"));
        await().untilAsserted(() -> assertThat(pooler.live(pod)
                        .orElseThrow()
                        .getStatus()
                        .getContainerStatuses()
                        .get(0)
                        .getRestartCount())
                .isEqualTo(1));
    }

    @Test
    void a_deleted_pod_leaves_the_service_and_is_replaced() {
        Pod pod = pooler.ready().get(0);
        pooler.api().client().resource(pod).delete();

        await().atMost(Duration.ofSeconds(15))
                .until(() -> pooler.live(pod).isEmpty() && pooler.ready().size() == 2);
        await().ignoreExceptions().untilAsserted(() -> assertThat(HandMadePooler.select(pooler.serviceAddress()))
                .isEqualTo(1));
    }

    @Test
    void a_pod_that_is_switched_off_gets_no_traffic() {
        for (Pod pod : pooler.ready()) {
            pooler.label(pod, "tenantpool.io/traffic", "off");
        }
        await().untilAsserted(() -> assertThatThrownBy(() -> HandMadePooler.select(pooler.serviceAddress()))
                .isInstanceOf(SQLException.class));
    }

    @Test
    void a_changed_template_replaces_the_pods_and_always_keeps_two_ready() {
        List<String> before =
                pooler.ready().stream().map(p -> p.getMetadata().getUid()).toList();
        pooler.patchDeployment("{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"rollout\":\"1\"}}}}}");

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    List<Pod> ready = pooler.ready();
                    assertThat(ready).hasSizeGreaterThanOrEqualTo(2);
                    return pooler.node().pods().size() == 2
                            && ready.stream()
                                    .noneMatch(
                                            p -> before.contains(p.getMetadata().getUid()));
                });
    }

    @Test
    void closing_the_node_leaves_no_process_behind() throws Exception {
        assertThat(poolers()).isEqualTo(2);
        pooler.close();
        assertThat(poolers()).isZero();
    }

    private static long poolers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .commandLine()
                        .map(line -> line.contains("pgbouncer.ini"))
                        .orElse(false))
                .count();
    }

    private static String marker(Pod pod) throws SQLException {
        return HandMadePooler.setting(pod, "syslog_ident");
    }
}
