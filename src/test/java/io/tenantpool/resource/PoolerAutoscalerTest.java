package io.tenantpool.resource;

import static io.tenantpool.testing.Given.autoscaledListener;
import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.poolerCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.tenantpool.naming.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolerAutoscalerTest {
    @Test
    void it_is_named_as_the_pooler_and_scales_its_deployment() {
        var autoscaler = desired(60);

        assertThat(autoscaler.getApiVersion()).isEqualTo("autoscaling/v2");
        assertThat(autoscaler.getMetadata().getName()).isEqualTo("main-transaction");
        assertThat(autoscaler.getMetadata().getLabels()).containsAllEntriesOf(Labels.of(pooler("transaction")));
        assertThat(autoscaler.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-main"));
        var target = autoscaler.getSpec().getScaleTargetRef();
        assertThat(target.getApiVersion()).isEqualTo("apps/v1");
        assertThat(target.getKind()).isEqualTo("Deployment");
        assertThat(target.getName()).isEqualTo("main-transaction");
    }

    @Test
    void it_keeps_between_the_fewest_and_the_most_pods_by_their_use_of_cpu() {
        var spec = desired(60).getSpec();

        assertThat(spec.getMinReplicas()).isEqualTo(2);
        assertThat(spec.getMaxReplicas()).isEqualTo(6);
        assertThat(spec.getMetrics()).singleElement().satisfies(metric -> {
            assertThat(metric.getType()).isEqualTo("Resource");
            assertThat(metric.getResource().getName()).isEqualTo("cpu");
            assertThat(metric.getResource().getTarget().getType()).isEqualTo("Utilization");
            assertThat(metric.getResource().getTarget().getAverageUtilization()).isEqualTo(70);
        });
    }

    @ParameterizedTest
    @CsvSource({"10,10", "60,60", "1800,1800", "3600,1800"})
    void it_takes_away_one_pod_for_each_grace_and_no_more(int grace, int period) {
        var down = desired(grace).getSpec().getBehavior().getScaleDown();

        assertThat(down.getStabilizationWindowSeconds()).isEqualTo(300);
        assertThat(down.getPolicies()).singleElement().satisfies(policy -> {
            assertThat(policy.getType()).isEqualTo("Pods");
            assertThat(policy.getValue()).isEqualTo(1);
            assertThat(policy.getPeriodSeconds()).isEqualTo(period);
        });
    }

    @Test
    void a_fixed_number_of_pods_has_none() {
        var id = pooler("transaction");
        var listener = listener("transaction", 6432);
        var cluster = poolerCluster();

        assertThatThrownBy(() -> PoolerAutoscaler.desired(id, listener, cluster))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static HorizontalPodAutoscaler desired(int grace) {
        return PoolerAutoscaler.desired(
                pooler("transaction"), autoscaledListener("transaction", 6432, grace), poolerCluster());
    }
}
