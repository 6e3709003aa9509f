package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.tenantpool.resource.PoolerDeployment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No rollout of ours while the last one goes on. A Deployment does not count pods that are terminating, and each of them
 * holds its server connections until its grace ends: two rollouts within seconds had three sets of pods, of which the
 * budget knows two (measured, docs/capacity.md).
 */
final class RolloutGate {
    private RolloutGate() {}

    /**
     * @param terminating whether pods of the Deployment are
     * @return whether the pod template of {@code desired} has to wait
     */
    static boolean holds(Deployment live, Deployment desired, boolean terminating) {
        return !PoolerDeployment.templateOf(live).equals(PoolerDeployment.templateOf(desired))
                && (terminating || !isObserved(live) || isOnTheWay(live.getStatus()));
    }

    /** Before that, the status speaks of the rollout before the last one. */
    private static boolean isObserved(Deployment live) {
        return live.getStatus() != null
                && Objects.equals(
                        live.getStatus().getObservedGeneration(),
                        live.getMetadata().getGeneration());
    }

    /**
     * A pod that is ready but not yet available has clients, and makes an old one go when it is available. One that never
     * becomes ready holds up its rollout for ever, and nobody else's: a broken image is replaced at once. It has no
     * clients, and it is what the Deployment takes away first.
     */
    private static boolean isOnTheWay(DeploymentStatus status) {
        return number(status.getReadyReplicas()) != number(status.getAvailableReplicas());
    }

    private static int number(@Nullable Integer pods) {
        return pods == null ? 0 : pods;
    }
}
