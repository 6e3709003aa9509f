package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Names;

/** Chooses the number of pods of a door by the CPU that they use. */
public final class PoolerAutoscaler {
    /** Seconds; the longest time that the API server lets a policy look back. */
    static final int LONGEST_PERIOD = 1800;

    /** Seconds; the autoscaler's own default, written down because a lull of a minute is no reason to cut anyone. */
    private static final int STABILIZATION = 300;

    private PoolerAutoscaler() {}

    /** @throws IllegalArgumentException when the listener has a fixed number of pods */
    public static HorizontalPodAutoscaler desired(PoolerId id, ListenerModel listener, PoolerCluster owner) {
        if (!listener.isAutoscaled()) {
            throw new IllegalArgumentException("a fixed number of pods");
        }
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(PoolerMeta.of(id, Names.pooler(id), owner))
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(Names.pooler(id))
                .endScaleTargetRef()
                .withMinReplicas(listener.replicas())
                .withMaxReplicas(listener.maxReplicas())
                .addNewMetric()
                .withType("Resource")
                .withNewResource()
                .withName("cpu")
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(listener.targetCpuPercentage())
                .endTarget()
                .endResource()
                .endMetric()
                .withNewBehavior()
                .withScaleDown(onePerGrace(listener))
                .endBehavior()
                .endSpec()
                .build();
    }

    /** A pod that stops holds its server connections until its grace ends; the budget counts one such pod. */
    private static HPAScalingRules onePerGrace(ListenerModel listener) {
        return new HPAScalingRulesBuilder()
                .withStabilizationWindowSeconds(STABILIZATION)
                .withSelectPolicy("Max")
                .addNewPolicy()
                .withType("Pods")
                .withValue(1)
                .withPeriodSeconds(Math.min(listener.terminationGracePeriodSeconds(), LONGEST_PERIOD))
                .endPolicy()
                .build();
    }
}
