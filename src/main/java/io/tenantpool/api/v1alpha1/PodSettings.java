package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the platform team may say about the pooler pods.
 *
 * @param resources of the pooler's container; null means the operator's own requests
 * @param nodeSelector at most 32 entries
 * @param affinity of the pods; null means none. Not yet of its type, since the schema lets anything through: an informer
 *     that met one which can't be read would see no PoolerCluster at all
 * @param tolerations of the pods, at most 32
 * @param topologySpreadConstraints 1..8; null means spread over nodes as far as possible
 * @param priorityClassName of the pods
 * @param labels added to the pods, at most 32 entries, none of the operator's own prefixes
 * @param annotations added to the pods, at most 32 entries, none with the operator's prefix
 */
public record PodSettings(
        @JsonPropertyDescription("Requests and limits of the pooler's container. A limit on CPU delays every tenant of"
                + " the pod when it is hit; prefer a request alone. Memory: at least 100 MiB + 90 kB per user.")
        @Nullable
        ResourceRequirements resources,

        @JsonPropertyDescription("Labels that a node needs to run pooler pods, at most 32.")
        @Size(max = 32)
        @ValidationRule(
                value = NameRules.LABEL_KEYS,
                message = "spec.pod.nodeSelector: a key is not of the form prefix/name or name; correct it")
        @Nullable
        Map<String, @Pattern(NameRules.LABEL_VALUE) @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Affinity of the pooler pods, as in the spec of a pod.") @Nullable
        JsonNode affinity,

        @JsonPropertyDescription("Tolerations of the pooler pods, at most 32.") @Size(max = 32) @Nullable
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "How the pods of one pooler are spread, 1 to 8. Default: over nodes, as far as" + " possible.")
        @Size(min = 1, max = 8)
        @Nullable
        List<TopologySpread> topologySpreadConstraints,

        @JsonPropertyDescription("Name of a PriorityClass for the pooler pods, at most 253 characters.")
        @Size(min = 1, max = 253)
        @Pattern(NameRules.DNS_SUBDOMAIN)
        @Nullable
        String priorityClassName,

        @JsonPropertyDescription("Labels added to the pooler pods, at most 32. Keys that begin with tenantpool.io/ or"
                + " app.kubernetes.io/ belong to the operator.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.all(k, !k.startsWith('tenantpool.io/') && !k.startsWith('app.kubernetes.io/'))",
                message = "spec.pod.labels must not begin with tenantpool.io/ or app.kubernetes.io/, which the"
                        + " operator's selectors use: choose another prefix")
        @ValidationRule(
                value = NameRules.LABEL_KEYS,
                message = "spec.pod.labels: a key is not of the form prefix/name or name; correct it")
        @Nullable
        Map<String, @Pattern(NameRules.LABEL_VALUE) @Size(max = 63) String> labels,

        @JsonPropertyDescription("Annotations added to the pooler pods, at most 32 of at most 4096 characters each."
                + " Keys that begin with tenantpool.io/ belong to the operator.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.all(k, !k.startsWith('tenantpool.io/'))",
                message = "spec.pod.annotations must not begin with tenantpool.io/, by which the operator"
                        + " delivers content to the pods: choose another prefix")
        @ValidationRule(
                value = NameRules.LABEL_KEYS,
                message = "spec.pod.annotations: a key is not of the form prefix/name or name; correct it")
        @Nullable
        Map<String, @Size(max = 4096) String> annotations) {
    /**
     * How the pods of one pooler are spread. The operator adds the labels that select them.
     *
     * @param topologyKey label of the nodes, 1..317 characters
     * @param maxSkew 1..50; null means 1
     * @param whenUnsatisfiable null only before the server's defaults, then {@link Unsatisfiable#ScheduleAnyway}
     */
    public record TopologySpread(
            @JsonPropertyDescription("Label of the nodes that make one place, such as topology.kubernetes.io/zone.")
            @Required
            @Size(min = 1, max = 317)
            @Pattern("^([a-z0-9][-.a-z0-9]{0,252}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")
            String topologyKey,

            @JsonPropertyDescription("How many pods one place may have more than another, 1 to 50 (default 1).")
            @Default("1")
            @Min(1)
            @Max(50)
            @Nullable
            Integer maxSkew,

            @JsonPropertyDescription(
                    "ScheduleAnyway (default): prefer it. DoNotSchedule: a pod that finds no place" + " waits.")
            @Default("ScheduleAnyway")
            @Nullable
            Unsatisfiable whenUnsatisfiable) {}

    /** What happens to a pod that can't be placed evenly. */
    public enum Unsatisfiable {
        /** It runs somewhere. */
        ScheduleAnyway,
        /** It waits. */
        DoNotSchedule
    }
}
