package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/**
 * Who may name this PoolerCluster.
 *
 * @param namespaces the namespaces that Tenants may come from; null means the PoolerCluster's own
 * @param dedicated whether a Tenant may have pods of its own; null means no
 * @param maxPerNamespace Tenants of one namespace, 1..10000; null means any number
 * @param maxPoolSize server connections that a Tenant may ask for on one door, 1..1000; null means any number
 */
public record AllowedTenants(
        @JsonPropertyDescription("Namespaces that Tenants may come from. Default: only the PoolerCluster's own.")
        @Default("{\"from\": \"Same\"}")
        @Nullable
        Namespaces namespaces,

        @JsonPropertyDescription("Whether Tenants may ask for isolation: Dedicated, which costs pods for each of them"
                + " (default false).")
        @Default("false")
        @Nullable
        Boolean dedicated,

        @JsonPropertyDescription("Tenants that one namespace may have here, 1 to 10000. Those that are served already"
                + " stay when it is lowered. Default: any number.")
        @Min(1)
        @Max(10000)
        @Nullable
        Integer maxPerNamespace,

        @JsonPropertyDescription("The largest poolSize that a Tenant may ask for, 1 to 1000. Pools that are larger"
                + " already stay when it is lowered. Default: any size.")
        @Min(1)
        @Max(1000)
        @Nullable
        Integer maxPoolSize) {

    /**
     * The namespaces that Tenants may come from.
     *
     * @param from how they are chosen; null means {@link From#Same}
     * @param selector labels of the namespaces; set if and only if {@code from} is {@link From#Selector}
     */
    @ValidationRule(
            value = "(self.from == 'Selector') == has(self.selector)",
            message = "allowedTenants.namespaces.selector is set if and only if from is Selector:"
                    + " add a selector, or remove it, or change from")
    public record Namespaces(
            @JsonPropertyDescription("Same (default): the namespace of this PoolerCluster. All: every namespace of the"
                    + " cluster. Selector: namespaces whose labels match selector.")
            @Default("Same")
            From from,

            @JsonPropertyDescription("Labels of the namespaces; needed if from is Selector and refused otherwise."
                    + " Whoever may label a namespace may let it in.")
            @Nullable
            LabelSelector selector) {}

    /** How the namespaces are chosen. */
    public enum From {
        /** The namespace of the PoolerCluster. */
        Same,
        /** Every namespace. */
        All,
        /** Namespaces with matching labels. */
        Selector
    }
}
