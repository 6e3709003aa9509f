package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.api.v1alpha1.TenantUser;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which object names which; the informers are indexed by it. */
final class References {
    private References() {}

    /** The PoolerCluster that a Tenant names. */
    static Optional<ResourceID> poolerCluster(Tenant tenant) {
        return Optional.ofNullable(tenant.getSpec())
                .map(TenantSpec::poolerClusterRef)
                .map(ref -> new ResourceID(
                        ref.name(),
                        Objects.requireNonNullElse(
                                ref.namespace(), tenant.getMetadata().getNamespace())));
    }

    /** The credentials Secrets that a Tenant names, all in its own namespace. */
    static List<ResourceID> credentials(Tenant tenant) {
        var users = tenant.getSpec() == null ? null : tenant.getSpec().users();
        return Objects.requireNonNullElse(users, List.<TenantUser>of()).stream()
                .map(user -> new ResourceID(
                        user.credentialsSecretRef().name(), tenant.getMetadata().getNamespace()))
                .toList();
    }

    /** The PoolerCluster that an object of a pooler belongs to. */
    static Optional<ResourceID> owner(HasMetadata object) {
        return Optional.ofNullable(labels(object).get(Labels.POOLER_CLUSTER))
                .map(name -> new ResourceID(name, object.getMetadata().getNamespace()));
    }

    /** The pooler that an object belongs to. */
    static Optional<PoolerId> pooler(HasMetadata object) {
        var labels = labels(object);
        var cluster = labels.get(Labels.POOLER_CLUSTER);
        var cell = labels.get(Labels.CELL);
        var listener = labels.get(Labels.LISTENER);
        return cluster == null || cell == null || listener == null
                ? Optional.empty()
                : Optional.of(new PoolerId(object.getMetadata().getNamespace(), cluster, cell, listener));
    }

    static String key(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }
}
