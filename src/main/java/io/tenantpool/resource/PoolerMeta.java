package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;

/** The metadata that every object of a pooler shares. */
final class PoolerMeta {
    private PoolerMeta() {}

    static ObjectMeta of(PoolerId id, String name, PoolerCluster owner) {
        return new ObjectMetaBuilder()
                .withNamespace(id.namespace())
                .withName(name)
                .withLabels(Labels.of(id))
                .withOwnerReferences(ownedBy(owner))
                .build();
    }

    /**
     * Nobody waits for these before the owner may go: whoever sets {@code blockOwnerDeletion} needs the right to update
     * the owner's finalizers, where the API server enforces that (OpenShift does).
     */
    private static OwnerReference ownedBy(PoolerCluster owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }
}
