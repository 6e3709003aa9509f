package io.tenantpool.controller;

import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.NamespaceRule;
import java.util.Optional;

/**
 * Which namespaces a PoolerCluster lets in, as far as the caches know. With it a Tenant that may not know of a
 * PoolerCluster is told so as soon as one whose PoolerCluster does not exist, whatever state the PoolerCluster is in.
 */
public final class Doorkeeper {
    private volatile Optional<PoolerSources> sources = Optional.empty();

    void readFrom(PoolerSources newSources) {
        sources = Optional.of(newSources);
    }

    /** False only for a namespace that is known. */
    boolean admits(PoolerCluster cluster, String namespace) {
        var spec = cluster.getSpec();
        return sources.flatMap(known -> known.namespaceLabels(namespace))
                .map(labels -> NamespaceRule.of(
                                cluster.getMetadata().getNamespace(), spec == null ? null : spec.allowedTenants())
                        .admits(namespace, labels))
                .orElse(true);
    }
}
