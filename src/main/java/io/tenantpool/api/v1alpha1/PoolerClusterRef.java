package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * The PoolerCluster that serves a Tenant.
 *
 * @param name 1..40 characters
 * @param namespace 1..63 characters; null means the Tenant's own
 */
public record PoolerClusterRef(
        @JsonPropertyDescription("Name of the PoolerCluster, at most 40 characters.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern(NameRules.POOLER_CLUSTER_NAME)
        String name,

        @JsonPropertyDescription("Namespace of the PoolerCluster. Default: the Tenant's own. The PoolerCluster must"
                + " allow the Tenant's namespace (spec.allowedTenants); ask its owner.")
        @Size(min = 1, max = 63)
        @Pattern(NameRules.DNS_LABEL)
        @Nullable
        String namespace) {}
