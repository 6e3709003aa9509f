package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.tenantpool.api.v1alpha1.PodSettings;
import io.tenantpool.model.ListenerModel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the pooler's container asks for. */
final class PoolerResources {
    private static final String CPU = "cpu";
    private static final Quantity CPU_REQUEST = new Quantity("100m");
    private static final Quantity MEMORY_REQUEST = new Quantity("256Mi");

    private PoolerResources() {}

    /** A request without a CPU limit: with one, RELOAD is throttled and every tenant waits. */
    static ResourceRequirements of(ListenerModel listener, @Nullable PodSettings pod) {
        if (pod == null || pod.resources() == null) {
            return new ResourceRequirementsBuilder()
                    .withRequests(Map.of(CPU, CPU_REQUEST, "memory", MEMORY_REQUEST))
                    .build();
        }
        var asked = pod.resources();
        return listener.isAutoscaled() && !requestsCpu(asked)
                ? new ResourceRequirementsBuilder(asked)
                        .addToRequests(CPU, CPU_REQUEST)
                        .build()
                : asked;
    }

    /**
     * Whether there is something to compare the use of CPU with: an autoscaler on utilisation does nothing without a
     * request. A limit alone is a request of the same size, which one of ours could exceed.
     */
    private static boolean requestsCpu(ResourceRequirements asked) {
        return has(asked.getRequests()) || has(asked.getLimits());
    }

    private static boolean has(@Nullable Map<String, Quantity> quantities) {
        return quantities != null && quantities.containsKey(CPU);
    }
}
