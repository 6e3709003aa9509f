package io.tenantpool.resource;

import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.poolerCluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tenantpool.engine.PodShape;
import io.tenantpool.naming.Labels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolerDeploymentTest {
    static final PodShape SHAPE = new PodShape(
            List.of("pooler", "live/ini"),
            "/etc/pooler",
            "live",
            "settings",
            List.of("sh", "-c", "end"),
            List.of("ini", "users"),
            "own");
    private final Deployment deployment = PoolerDeployment.desired(
            pooler("transaction"),
            listener("transaction", 6432),
            SHAPE,
            "main-transaction-settings-1",
            "image@sha256:0",
            "digest",
            poolerCluster());

    @Test
    void a_rollout_never_has_a_pod_less_and_never_three_sets_of_pods() {
        var spec = deployment.getSpec();
        var grace = pod().getTerminationGracePeriodSeconds();

        assertThat(spec.getReplicas()).isEqualTo(2);
        assertThat(spec.getStrategy().getRollingUpdate().getMaxSurge().getIntVal())
                .isEqualTo(1);
        assertThat(spec.getStrategy().getRollingUpdate().getMaxUnavailable().getIntVal())
                .isZero();
        assertThat(grace).isEqualTo(60L);
        assertThat(spec.getMinReadySeconds()).isGreaterThanOrEqualTo(grace.intValue());
    }

    @Test
    void the_pod_is_restricted_and_runs_as_any_user() {
        assertThat(pod().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod().getSecurityContext().getRunAsUser()).isNull();
        assertThat(pod().getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container().getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(container().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container().getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void the_pod_has_no_token_and_nothing_beside_the_pooler() {
        assertThat(pod().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod().getEnableServiceLinks()).isFalse();
        assertThat(pod().getContainers()).hasSize(1);
        assertThat(pod().getInitContainers()).isEmpty();
    }

    @Test
    void it_asks_for_cpu_and_memory_and_limits_no_cpu() {
        assertThat(container().getResources().getRequests()).containsOnlyKeys("cpu", "memory");
        assertThat(container().getResources().getLimits()).isEmpty();
    }

    @Test
    void it_becomes_ready_no_sooner_than_three_seconds_after_its_start() {
        assertThat(container().getReadinessProbe().getInitialDelaySeconds()).isEqualTo(3);
        assertThat(container().getReadinessProbe().getTcpSocket().getPort().getIntVal())
                .isEqualTo(6432);
    }

    @Test
    void it_is_killed_only_after_a_long_hang() {
        var probe = container().getLivenessProbe();

        assertThat(probe.getPeriodSeconds() * probe.getFailureThreshold()).isGreaterThanOrEqualTo(60);
        assertThat(probe.getTimeoutSeconds()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void the_files_of_a_revision_are_one_projected_volume_without_a_sub_path() {
        assertThat(pod().getVolumes().get(0).getProjected().getSources().get(0).getSecret())
                .satisfies(secret -> {
                    assertThat(secret.getName()).isEqualTo("main-transaction");
                    assertThat(secret.getItems()).extracting("key").containsExactly("ini", "users");
                });
        assertThat(container().getVolumeMounts())
                .allMatch(mount -> mount.getReadOnly() && mount.getSubPath() == null)
                .extracting("mountPath")
                .containsExactly("/etc/pooler/live", "/etc/pooler/settings");
        assertThat(PoolerDeployment.settingsOf(deployment)).containsExactly("main-transaction-settings-1");
    }

    @Test
    void what_differs_between_pods_lies_in_the_same_volume_and_comes_from_an_annotation() {
        var sources = pod().getVolumes().get(0).getProjected().getSources();

        assertThat(sources).hasSize(2);
        assertThat(sources.get(1).getDownwardAPI().getItems()).singleElement().satisfies(item -> {
            assertThat(item.getPath()).isEqualTo("own");
            assertThat(item.getFieldRef().getFieldPath()).isEqualTo("metadata.annotations['tenantpool.io/peer']");
        });
    }

    @Test
    void pods_are_spread_over_nodes_and_selected_by_labels_that_never_change() {
        assertThat(pod().getTopologySpreadConstraints())
                .singleElement()
                .satisfies(spread -> assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname"));
        assertThat(deployment.getSpec().getSelector().getMatchLabels())
                .isEqualTo(Labels.selector(pooler("transaction")));
        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(Labels.selector(pooler("transaction")))
                .containsEntry(Labels.TRAFFIC, Labels.TRAFFIC_ON);
    }

    @Test
    void the_pod_template_does_not_change_with_tenants() {
        assertThat(deployment.getSpec().getTemplate().getMetadata().getAnnotations())
                .isEqualTo(Map.of(Labels.CONSOLE_KEYS, "digest"));
    }

    @Test
    void it_ends_as_the_engine_says() {
        assertThat(container().getLifecycle().getPreStop().getExec().getCommand())
                .isEqualTo(SHAPE.preStop());
        assertThat(container().getCommand()).isEqualTo(SHAPE.command());
        assertThat(container().getWorkingDir()).isEqualTo("/etc/pooler");
    }

    private PodSpec pod() {
        return deployment.getSpec().getTemplate().getSpec();
    }

    private Container container() {
        return pod().getContainers().get(0);
    }
}
