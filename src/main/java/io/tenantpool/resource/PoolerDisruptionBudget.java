package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;

/** Lets a drained node take one pooler pod at a time. */
public final class PoolerDisruptionBudget {
    private PoolerDisruptionBudget() {}

    public static PodDisruptionBudget desired(PoolerId id, PoolerCluster owner) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(PoolerMeta.of(id, Names.pooler(id), owner))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Labels.selector(id))
                .endSelector()
                .endSpec()
                .build();
    }
}
