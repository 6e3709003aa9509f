package io.tenantpool.resource;

import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.GivenPods.poolerClusterWithPods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.tenantpool.naming.Labels;
import org.junit.jupiter.api.Test;

class PoolerSchedulingTest {
    @Test
    void pods_are_spread_over_nodes_when_nobody_says_otherwise() {
        assertThat(pod("{}").getTopologySpreadConstraints()).singleElement().satisfies(spread -> {
            assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
            assertThat(spread.getMaxSkew()).isEqualTo(1);
            assertThat(spread.getWhenUnsatisfiable()).isEqualTo("ScheduleAnyway");
        });
    }

    @Test
    void a_spread_that_is_given_replaces_the_operators_own_and_counts_the_pods_of_this_pooler() {
        var pod = pod("""
                topologySpreadConstraints:
                - {topologyKey: topology.kubernetes.io/zone, maxSkew: 3, whenUnsatisfiable: DoNotSchedule}
                - {topologyKey: kubernetes.io/hostname}
                """);

        assertThat(pod.getTopologySpreadConstraints())
                .extracting(
                        TopologySpreadConstraint::getTopologyKey,
                        TopologySpreadConstraint::getMaxSkew,
                        TopologySpreadConstraint::getWhenUnsatisfiable)
                .containsExactly(
                        tuple("topology.kubernetes.io/zone", 3, "DoNotSchedule"),
                        tuple("kubernetes.io/hostname", 1, "ScheduleAnyway"));
        assertThat(pod.getTopologySpreadConstraints())
                .allSatisfy(spread -> assertThat(spread.getLabelSelector().getMatchLabels())
                        .isEqualTo(Labels.selector(pooler("transaction"))));
    }

    @Test
    void affinity_and_tolerations_are_passed_on() {
        var pod = pod("""
                affinity:
                  nodeAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [fast]}]}]
                tolerations:
                - {key: poolers, operator: Equal, value: only, effect: NoSchedule}
                - {operator: Exists, effect: NoExecute, tolerationSeconds: 5}
                """);

        assertThat(pod.getAffinity()
                        .getNodeAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms())
                .singleElement()
                .satisfies(term ->
                        assertThat(term.getMatchExpressions()).extracting("key").containsExactly("disk"));
        assertThat(pod.getTolerations()).extracting("key").containsExactly("poolers", null);
        assertThat(pod.getTolerations()).extracting("tolerationSeconds").containsExactly(null, 5L);
    }

    @Test
    void an_affinity_that_is_none_is_read_with_the_rest_and_refused_by_name() {
        assertThatThrownBy(() -> pod("affinity: {nodeAffinity: fast}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("spec.pod.affinity is not like the affinity of a pod: ");
    }

    @Test
    void nothing_is_tolerated_and_nothing_attracts_when_nobody_says_so() {
        assertThat(pod("{}").getAffinity()).isNull();
        assertThat(pod("{}").getTolerations()).isEmpty();
    }

    private static PodSpec pod(String settings) {
        return PoolerDeployment.desired(
                        pooler("transaction"),
                        listener("transaction", 6432),
                        PoolerDeploymentTest.SHAPE,
                        "settings",
                        "image",
                        "digest",
                        poolerClusterWithPods(settings))
                .getSpec()
                .getTemplate()
                .getSpec();
    }
}
