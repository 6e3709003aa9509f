package io.tenantpool.testing;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.api.v1alpha1.PodSettings;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;

/** Settings of pods that are easier to read as YAML. */
public final class GivenPods {
    private GivenPods() {}

    /** As {@link Given#poolerCluster()}, with pods as in this YAML. */
    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    public static PoolerCluster poolerClusterWithPods(String yaml) {
        var cluster = Given.poolerCluster();
        cluster.setSpec(new PoolerClusterSpec(
                null,
                null,
                cluster.getSpec().upstreams(),
                null,
                null,
                null,
                null,
                Serialization.unmarshal(yaml, PodSettings.class),
                null));
        return cluster;
    }
}
