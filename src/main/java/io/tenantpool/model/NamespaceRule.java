package io.tenantpool.model;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.tenantpool.api.v1alpha1.AllowedTenants;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which namespaces a PoolerCluster lets in; without a rule, its own alone. */
public record NamespaceRule(
        String ownNamespace,
        AllowedTenants.From from,
        @Nullable LabelSelector selector) {

    public static NamespaceRule of(String ownNamespace, @Nullable AllowedTenants allowed) {
        var namespaces = allowed == null ? null : allowed.namespaces();
        var from = namespaces == null ? null : namespaces.from();
        return new NamespaceRule(
                ownNamespace,
                from == null ? AllowedTenants.From.Same : from,
                namespaces == null ? null : namespaces.selector());
    }

    /** @param labels the namespace's labels */
    public boolean admits(String namespace, Map<String, String> labels) {
        return switch (from) {
            case All -> true;
            case Same -> ownNamespace.equals(namespace);
            case Selector -> selector != null && matches(selector, labels);
        };
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        var wanted = Objects.requireNonNullElse(selector.getMatchLabels(), Map.<String, String>of());
        var expressions =
                Objects.requireNonNullElse(selector.getMatchExpressions(), List.<LabelSelectorRequirement>of());
        return wanted.entrySet().stream().allMatch(e -> Objects.equals(labels.get(e.getKey()), e.getValue()))
                && expressions.stream().allMatch(e -> matches(e, labels));
    }

    private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
        var value = labels.get(requirement.getKey());
        var values = Objects.requireNonNullElse(requirement.getValues(), List.<String>of());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false; // an operator of a later Kubernetes: let nobody in by accident
        };
    }
}
