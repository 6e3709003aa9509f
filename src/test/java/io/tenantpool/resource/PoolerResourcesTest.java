package io.tenantpool.resource;

import static io.tenantpool.testing.Given.autoscaledListener;
import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.GivenPods.poolerClusterWithPods;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.tenantpool.model.ListenerModel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolerResourcesTest {
    private static final ListenerModel FIXED = listener("transaction", 6432);
    private static final ListenerModel AUTOSCALED = autoscaledListener("transaction", 6432, 60);

    @Test
    void an_autoscaled_pod_always_requests_cpu_or_the_autoscaler_would_do_nothing() {
        assertThat(of(AUTOSCALED, "{}").getRequests()).containsEntry("cpu", new Quantity("100m"));
        assertThat(of(AUTOSCALED, "resources: {requests: {memory: 1Gi}}").getRequests())
                .isEqualTo(Map.of("cpu", new Quantity("100m"), "memory", new Quantity("1Gi")));
        assertThat(of(AUTOSCALED, "resources: {limits: {memory: 1Gi}}").getRequests())
                .isEqualTo(Map.of("cpu", new Quantity("100m")));
    }

    @Test
    void a_request_that_is_given_stays() {
        assertThat(of(AUTOSCALED, "resources: {requests: {cpu: 2}}").getRequests())
                .isEqualTo(Map.of("cpu", new Quantity("2")));
    }

    @Test
    void a_limit_of_cpu_is_a_request_of_the_same_size_and_gets_none_that_might_exceed_it() {
        var resources = of(AUTOSCALED, "resources: {limits: {cpu: 50m}}");

        assertThat(resources.getRequests()).isEmpty();
        assertThat(resources.getLimits()).isEqualTo(Map.of("cpu", new Quantity("50m")));
    }

    @Test
    void a_pod_that_is_not_autoscaled_asks_for_what_it_is_told_to() {
        assertThat(of(FIXED, "resources: {requests: {memory: 1Gi}}").getRequests())
                .isEqualTo(Map.of("memory", new Quantity("1Gi")));
    }

    private static ResourceRequirements of(ListenerModel listener, String pod) {
        return PoolerResources.of(listener, poolerClusterWithPods(pod).getSpec().pod());
    }
}
