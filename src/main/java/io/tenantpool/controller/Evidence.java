package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.NamespaceRule;
import io.tenantpool.model.Placed;
import io.tenantpool.model.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out which of the served Tenants exist no more. A cache that lacks one proves nothing; a live read does. */
final class Evidence {
    private final KubernetesClient client;

    Evidence(KubernetesClient client) {
        this.client = client;
    }

    /** UIDs of served Tenants that are gone, were replaced by another of the same name, or name another PoolerCluster. */
    Set<String> gone(ResourceID cluster, List<HeldPooler> held, List<Tenant> cached) {
        var present = cached.stream()
                .filter(tenant -> !isDeleted(tenant))
                .map(tenant -> tenant.getMetadata().getUid())
                .collect(Collectors.toSet());
        var gone = new HashSet<String>();
        held.stream()
                .flatMap(pooler -> pooler.tenants().stream())
                .map(Placed::id)
                .distinct()
                .filter(id -> !present.contains(id.uid()))
                .filter(id -> isGone(cluster, id))
                .forEach(id -> gone.add(id.uid()));
        return gone;
    }

    private boolean isGone(ResourceID cluster, TenantId id) {
        var live = client.resources(Tenant.class)
                .inNamespace(id.namespace())
                .withName(id.name())
                .get();
        return live == null
                || isDeleted(live)
                || !id.uid().equals(live.getMetadata().getUid())
                || References.poolerCluster(live).filter(cluster::equals).isEmpty();
    }

    /** Whether the API server itself says that a Tenant is suspended. */
    boolean isSuspended(TenantId id) {
        var live = client.resources(Tenant.class)
                .inNamespace(id.namespace())
                .withName(id.name())
                .get();
        return live != null
                && live.getSpec() != null
                && Boolean.TRUE.equals(live.getSpec().suspend());
    }

    /** Deletion can't be taken back; but clients may have time to finish. */
    private static boolean isDeleted(Tenant tenant) {
        return tenant.getMetadata().getDeletionTimestamp() != null
                && Draining.until(tenant).isEmpty();
    }

    /** Whether the rule admits the namespace as the API server has it now. */
    boolean admits(NamespaceRule rule, String namespace) {
        var live = client.namespaces().withName(namespace).get();
        var labels = live == null ? null : live.getMetadata().getLabels();
        return rule.admits(namespace, labels == null ? Map.of() : labels);
    }
}
