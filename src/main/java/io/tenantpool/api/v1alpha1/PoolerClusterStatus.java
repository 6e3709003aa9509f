package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a PoolerCluster.
 *
 * @param observedGeneration the generation of the spec that all of this speaks of
 * @param conditions by type, see {@link ConditionType}
 * @param listeners by name and cell
 * @param tenants how many Tenants there are
 * @param budget by upstream and target: the contract on server connections
 */
public record PoolerClusterStatus(
        @JsonPropertyDescription("Generation of the spec that this status speaks of.") @Min(0) @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Accepted: the spec is valid. Programmed: every pod in traffic serves the current"
                + " content. Ready: the poolers take clients.")
        @Size(max = 16)
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Each door of each cell, with its address and how far its pods are.")
        @Size(max = 4096)
        @Nullable
        List<ListenerStatus> listeners,

        @JsonPropertyDescription("Number of Tenants that name this PoolerCluster.") @Nullable
        TenantCounts tenants,

        @JsonPropertyDescription("Server connections of each upstream: how many there are, how many are promised.")
        @Size(max = 32)
        @Nullable
        List<BudgetStatus> budget) {

    /**
     * One door of one cell.
     *
     * @param name of the listener
     * @param cell a group of tenants with Deployments of its own
     * @param host DNS name of the Service
     * @param port TCP port of the Service
     * @param pods in traffic
     * @param podsUpToDate those of them that serve what they should, or began to lag only seconds ago
     */
    public record ListenerStatus(
            @JsonPropertyDescription("Name of the listener.") @Required @Size(min = 1, max = 20)
            String name,

            @JsonPropertyDescription("Cell: a group of tenants with Deployments of its own.")
            @Required
            @Size(min = 1, max = 63)
            String cell,

            @JsonPropertyDescription("DNS name of the Service.") @Size(max = 253)
            String host,

            @JsonPropertyDescription("TCP port of the Service.") @Min(0)
            Integer port,

            @JsonPropertyDescription("Pods in traffic.") @Min(0)
            Integer pods,

            @JsonPropertyDescription("Pods in traffic that serve the current content.") @Min(0)
            Integer podsUpToDate) {}

    /**
     * How many Tenants were let in.
     *
     * @param accepted those with the condition Accepted
     */
    public record TenantCounts(
            @JsonPropertyDescription("Tenants whose spec was accepted.") @Min(0)
            Integer accepted) {}

    /**
     * The contract on the connections of one server.
     *
     * @param upstream its name
     * @param target the server that takes writes, or each of the read-only ones
     * @param max null when there is no contract
     * @param reserved of {@code max}, not given to tenants; null when there is no contract
     * @param committed the most that all poolers together can open, as tenants are served now
     * @param available what can still be promised, negative when more is promised than may be; null when there is no
     *     contract
     */
    public record BudgetStatus(
            @JsonPropertyDescription("Name of the upstream.") @Required @Size(min = 1, max = 63)
            String upstream,

            @JsonPropertyDescription("Primary: the server that takes writes. Replica: each of the read-only ones.")
            @Required
            Upstream.Role target,

            @JsonPropertyDescription("Server connections that the poolers may open; absent without a contract.")
            @Min(0)
            @Nullable
            Integer max,

            @JsonPropertyDescription("Part of max that is not given to tenants.") @Min(0) @Nullable
            Integer reserved,

            @JsonPropertyDescription("The most server connections that the poolers can open for the tenants they"
                    + " serve: each share times the pods of its door at most, with one more for a rollout and one"
                    + " that is stopping.")
            @Min(0)
            Integer committed,

            @JsonPropertyDescription("What can still be promised; negative when more is promised than may be.")
            @Min(-100000000)
            @Nullable
            Integer available) {}
}
