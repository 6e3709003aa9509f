package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Names;

/** An identity without rights and without a token. */
public final class PoolerServiceAccount {
    private PoolerServiceAccount() {}

    public static ServiceAccount desired(PoolerId id, PoolerCluster owner) {
        return new ServiceAccountBuilder()
                .withMetadata(PoolerMeta.of(id, Names.pooler(id), owner))
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
