package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the platform team may say about the pooler pods.
 *
 * @param resources of the pooler's container; null means the operator's own requests
 * @param nodeSelector at most 32 entries
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
        Map<String, @Size(max = 4096) String> annotations) {}
