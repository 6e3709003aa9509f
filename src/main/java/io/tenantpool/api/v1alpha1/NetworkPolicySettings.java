package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach the poolers, and whom they may reach.
 *
 * @param enabled null only before the server's defaults, then true
 * @param monitoringNamespaces whose pods may reach the doors although no tenant lives there; null means none
 * @param upstreamPeers where the servers are that are named by host names, 1..16; null means anywhere, on their ports
 */
public record NetworkPolicySettings(
        @JsonPropertyDescription("Whether the poolers get NetworkPolicies (default true): in from the namespaces of"
                + " allowedTenants and from the operator, out to the upstreams and DNS. They take effect where the"
                + " cluster's network enforces NetworkPolicies. Policies of your own only add to them.")
        @Default("true")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Labels of namespaces whose pods may reach the doors beside those of tenants, such as"
                + " the one that exporters run in. Default: none.")
        @Nullable
        LabelSelector monitoringNamespaces,

        @JsonPropertyDescription("Where the upstreams are whose hosts are names, 1 to 16: a NetworkPolicy knows no"
                + " host names. Default: anywhere but link-local addresses, on the ports of the upstreams alone. Hosts"
                + " that are IP addresses are always let through.")
        @Size(min = 1, max = 16)
        @Nullable
        List<UpstreamPeer> upstreamPeers) {

    /**
     * A place where servers are: addresses, or pods.
     *
     * @param cidr a block of IPv4 or IPv6 addresses, 1..43 characters; set if and only if there is no selector
     * @param namespaceSelector of the pods; null means the PoolerCluster's own namespace
     * @param podSelector of the pods; null means all of the namespace
     */
    @ValidationRule(
            value = "has(self.cidr) != (has(self.namespaceSelector) || has(self.podSelector))",
            message = "networkPolicy.upstreamPeers: an entry is either a cidr or pods (namespaceSelector, podSelector"
                    + " or both): remove one of the two, or make two entries of it")
    public record UpstreamPeer(
            @JsonPropertyDescription("Addresses, such as 10.1.0.0/16 or 2001:db8::/32. The address of a Service is none"
                    + " that a NetworkPolicy sees: select its pods.")
            @Size(min = 1, max = 43)
            @Pattern(NameRules.CIDR)
            @Nullable
            String cidr,

            @JsonPropertyDescription("Labels of the namespaces that the servers' pods run in. Default, with a"
                    + " podSelector: the namespace of the PoolerCluster.")
            @Nullable
            LabelSelector namespaceSelector,

            @JsonPropertyDescription("Labels of the servers' pods. Default, with a namespaceSelector: all pods there.")
            @Nullable
            LabelSelector podSelector) {}
}
