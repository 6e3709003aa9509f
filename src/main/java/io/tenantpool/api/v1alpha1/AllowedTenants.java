package io.tenantpool.api.v1alpha1;

import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Who may name this PoolerCluster. */
public record AllowedTenants(@Nullable Namespaces namespaces) {

    /** The namespaces that Tenants may come from. */
    public record Namespaces(From from, @Nullable LabelSelector selector) {}

    /** How the namespaces are chosen. */
    public enum From {
        Same,
        All,
        Selector
    }
}
