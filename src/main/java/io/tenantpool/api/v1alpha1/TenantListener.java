package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A door that the Tenant uses, by the name of the PoolerCluster's listener.
 *
 * @param name 1..20 characters
 * @param poolSize server connections, all pods of the door together, 1..1000; null means the listener's default
 * @param minIdle server connections that are kept open without clients, all pods together, 1..1000 and at most
 *     {@code poolSize}; null means none
 * @param maxClientConnectionsPerPod clients of this tenant on one pod, 1..50000; null means as many as the pod takes
 * @param queryWaitTimeoutSeconds how long a client waits for a server connection, 1..3600; null means
 *     {@link #DEFAULT_QUERY_WAIT_TIMEOUT_SECONDS}
 * @param idleTransactionTimeoutSeconds how long a client may be idle inside a transaction, 1..86400; null means forever
 */
@ValidationRule(
        value = "!has(self.minIdle) || !has(self.poolSize) || self.minIdle <= self.poolSize",
        message = "minIdle is at most poolSize: raise poolSize or lower minIdle")
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

        @JsonPropertyDescription("Server connections of this tenant's first user that are kept open on this door"
                + " without clients, all its pods together, 1 to 1000 and at most poolSize. They are opened while the"
                + " operator runs. Default: none.")
        @Min(1)
        @Max(1000)
        @Nullable
        Integer minIdle,

        @JsonPropertyDescription("Client connections of this tenant that one pod accepts, 1 to 50000. Default: as many"
                + " as the listener takes.")
        @Min(1)
        @Max(50000)
        @Nullable
        Integer maxClientConnectionsPerPod,

        @JsonPropertyDescription("Seconds, 1 to 3600 (default 10), that a client waits for a server connection before"
                + " its query fails. Needs PgBouncer 1.26.")
        @Min(1)
        @Max(3600)
        @Nullable
        Integer queryWaitTimeoutSeconds,

        @JsonPropertyDescription("Seconds, 1 to 86400, that a client may be idle inside a transaction before it is"
                + " disconnected. Default: forever. Tenants that share a role must agree on it.")
        @Min(1)
        @Max(86400)
        @Nullable
        Integer idleTransactionTimeoutSeconds) {

    /** {@link #queryWaitTimeoutSeconds} when none is given. */
    public static final int DEFAULT_QUERY_WAIT_TIMEOUT_SECONDS = 10;
}
