package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a Tenant.
 *
 * @param observedGeneration the generation of the spec that all of this speaks of
 * @param conditions by type, see {@link ConditionType}
 * @param proven null until the first proof
 * @param binding null until the first proof
 * @param endpoints by listener; null until the Tenant is accepted
 * @param placement null until the Tenant is accepted
 */
public record TenantStatus(
        @JsonPropertyDescription("Generation of the spec that this status speaks of.") @Min(0) @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted: the spec resolves, is allowed and fits. Programmed: every pod in traffic, of"
                        + " every door, serves it. Ready: a login as each user succeeded through every such pod and"
                        + " the published address.")
        @Size(max = 16)
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("What the last successful proof covered.") @Nullable
        Proven proven,

        @JsonPropertyDescription("Secret with the connection strings, as servicebinding.io describes it; published"
                + " after the proof.")
        @Nullable
        Binding binding,

        @JsonPropertyDescription("Address of each door that the tenant uses.") @Size(max = 8) @Nullable
        List<TenantEndpoint> endpoints,

        @JsonPropertyDescription("Which poolers serve the tenant.") @Nullable
        Placement placement) {

    /**
     * What the last proof covered.
     *
     * @param generation of the spec
     * @param credentialsVersion an opaque text that changes with the credentials
     */
    public record Proven(
            @JsonPropertyDescription("Generation of the spec that was proven.") @Min(0)
            Long generation,

            @JsonPropertyDescription("Version of the credentials that were proven; an opaque text.") @Size(max = 128)
            String credentialsVersion) {}

    /**
     * The servicebinding.io Secret with the connection strings.
     *
     * @param name in the Tenant's namespace
     */
    public record Binding(
            @JsonPropertyDescription("Name of the Secret, in the namespace of the Tenant.")
            @Required
            @Size(min = 1, max = 253)
            String name) {}

    /**
     * The published address of one door.
     *
     * @param listener its name
     * @param host DNS name
     * @param port TCP port
     */
    public record TenantEndpoint(
            @JsonPropertyDescription("Name of the listener.") @Required @Size(min = 1, max = 20)
            String listener,

            @JsonPropertyDescription("DNS name to connect to.") @Size(max = 253)
            String host,

            @JsonPropertyDescription("TCP port to connect to.") @Min(0)
            Integer port) {}

    /**
     * Which pooler serves the Tenant.
     *
     * @param poolerCluster namespace/name
     * @param cell a group of tenants with Deployments of its own
     */
    public record Placement(
            @JsonPropertyDescription("PoolerCluster as namespace/name.") @Size(max = 317)
            String poolerCluster,

            @JsonPropertyDescription("Cell: a group of tenants with Deployments of its own.") @Size(max = 63)
            String cell) {}
}
