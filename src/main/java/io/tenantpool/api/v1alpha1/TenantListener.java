package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A door that the Tenant uses, by the name of the PoolerCluster's listener.
 *
 * @param name 1..20 characters
 * @param poolSize server connections, all pods of the door together, 1..1000; null means the listener's default
 * @param maxClientConnectionsPerPod clients of this tenant on one pod, 1..50000; null means as many as the pod takes
 */
public record TenantListener(
        @JsonPropertyDescription("Name of a listener of the PoolerCluster, at most 20 characters.")
        @Required
        @Size(min = 1, max = 20)
        @Pattern(NameRules.LISTENER)
        String name,

        @JsonPropertyDescription("Server connections of this tenant on this door, all its pods together, 1 to 1000."
                + " Default: the listener's defaultPoolSize. At least one per pod and user.")
        @Min(1)
        @Max(1000)
        @Nullable
        Integer poolSize,

        @JsonPropertyDescription("Client connections of this tenant that one pod accepts, 1 to 50000. Default: as many"
                + " as the listener takes.")
        @Min(1)
        @Max(50000)
        @Nullable
        Integer maxClientConnectionsPerPod) {}
