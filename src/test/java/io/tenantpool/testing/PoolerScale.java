package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.util.Optional;

/** Who chooses the number of pods of a PoolerCluster's only, transaction door. */
public final class PoolerScale {
    private final PoolerFixture pooler;

    private PoolerScale(PoolerFixture pooler) {
        this.pooler = pooler;
    }

    /** Of this one. */
    public static PoolerScale of(PoolerFixture pooler) {
        return new PoolerScale(pooler);
    }

    /** Lets an autoscaler choose by the use of CPU. */
    public void autoscale(int least, int most, int targetCpuPercentage) {
        patch("\"autoscaling\":{\"minReplicas\":%d,\"maxReplicas\":%d,\"targetCPUUtilizationPercentage\":%d}"
                .formatted(least, most, targetCpuPercentage));
    }

    /** Names the number, whoever chose before. */
    public void fix(int pods) {
        patch("\"replicas\":" + pods);
    }

    private void patch(String pods) {
        pooler.patch("{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"port\":" + PoolerFixture.PORT
                + ",\"terminationGracePeriodSeconds\":10," + pods + "}]}}");
    }

    /** Chooses a number as the autoscaler does it. */
    public void choose(int pods) {
        pooler.client().resource(pooler.deployment().orElseThrow()).scale(pods);
    }

    /** The autoscaler, if there is one. */
    public Optional<HorizontalPodAutoscaler> autoscaler() {
        return pooler
                .client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(pooler.namespace())
                .list()
                .getItems()
                .stream()
                .findFirst();
    }
}
