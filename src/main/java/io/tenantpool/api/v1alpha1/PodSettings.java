package io.tenantpool.api.v1alpha1;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the platform team may say about the pooler pods. */
public record PodSettings(
        @Nullable ResourceRequirements resources,
        @Nullable Map<String, String> nodeSelector,
        @Nullable String priorityClassName,
        @Nullable Map<String, String> labels,
        @Nullable Map<String, String> annotations) {}
