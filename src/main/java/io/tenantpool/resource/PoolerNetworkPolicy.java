package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.tenantpool.api.v1alpha1.NetworkPolicySettings;
import io.tenantpool.api.v1alpha1.NetworkPolicySettings.UpstreamPeer;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.IpBlocks;
import io.tenantpool.model.NamespaceRule;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach the pods of one pooler, and whom they may reach.
 *
 * <p>It speaks of namespaces and never of Tenants: networks enforce a policy some time after it was written, and one
 * that changed with a Tenant would drop that Tenant's first logins. A list without an entry means everybody in this
 * API, so a rule that nobody is meant by is left out.
 */
public final class PoolerNetworkPolicy {
    private static final String TCP = "TCP";
    private static final int DNS_PORT = 53;

    /** Everywhere, but not where a cloud hands out the credentials of its nodes. */
    private static final List<NetworkPolicyPeer> ANYWHERE = List.of(
            peer(everything(), null),
            block("0.0.0.0/0", List.of("169.254.0.0/16")),
            block("::/0", List.of("fd00:ec2::/32", "fe80::/10")));

    private PoolerNetworkPolicy() {}

    /** Whether the poolers of this PoolerCluster have policies. */
    public static boolean isWanted(PoolerCluster cluster) {
        var settings = cluster.getSpec().networkPolicy();
        return settings == null || !Boolean.FALSE.equals(settings.enabled());
    }

    /** @param operatorNamespace where the operator's pods run; empty when it runs in no pod */
    public static NetworkPolicy desired(
            PoolerContent content, ClusterModel model, PoolerCluster owner, Optional<String> operatorNamespace) {
        var id = content.id();
        return new NetworkPolicyBuilder()
                .withMetadata(PoolerMeta.of(id, Names.pooler(id), owner))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(Labels.selector(id))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .withIngress(in(content, owner, operatorNamespace))
                .withEgress(out(content, model, owner.getSpec().networkPolicy()))
                .endSpec()
                .build();
    }

    private static NetworkPolicyIngressRule in(
            PoolerContent content, PoolerCluster owner, Optional<String> operatorNamespace) {
        var from = new ArrayList<>(clients(content, owner));
        from.add(ownPods(content.id())); // requests to cancel, which arrive at any pod
        operatorNamespace.ifPresent(
                name -> from.add(peer(namespace(name), labels(Labels.COMPONENT, Labels.COMPONENT_OPERATOR))));
        var settings = owner.getSpec().networkPolicy();
        if (settings != null && settings.monitoringNamespaces() != null) {
            from.add(peer(settings.monitoringNamespaces(), null));
        }
        return new NetworkPolicyIngressRuleBuilder()
                .withPorts(door())
                .withFrom(from)
                .build();
    }

    private static List<NetworkPolicyPeer> clients(PoolerContent content, PoolerCluster owner) {
        if (content.id().isDedicated()) {
            return content.tenants().stream()
                    .map(tenant -> tenant.id().namespace())
                    .distinct()
                    .sorted()
                    .map(name -> peer(namespace(name), null))
                    .toList();
        }
        var rule = NamespaceRule.of(content.id().namespace(), owner.getSpec().allowedTenants());
        return switch (rule.from()) {
            case All -> List.of(peer(everything(), null));
            case Same -> List.of(peer(null, everything()));
            case Selector -> rule.selector() == null ? List.of() : List.of(peer(rule.selector(), null));
        };
    }

    private static List<NetworkPolicyEgressRule> out(
            PoolerContent content, ClusterModel model, @Nullable NetworkPolicySettings settings) {
        var rules = new ArrayList<NetworkPolicyEgressRule>();
        // To anybody: which pods or addresses answer for DNS differs from cluster to cluster.
        rules.add(egress(List.of(), port("UDP", DNS_PORT), port(TCP, DNS_PORT)));
        rules.add(egress(List.of(ownPods(content.id())), door()));
        servers(content, model)
                .forEach((port, hosts) -> rules.add(egress(destinations(hosts, settings), port(TCP, port))));
        return rules;
    }

    /** The hosts by their ports; with those that left the spec and are still served until their tenants have moved. */
    private static SortedMap<Integer, TreeSet<String>> servers(PoolerContent content, ClusterModel model) {
        var listener = content.listener();
        var servers = Stream.concat(
                model.upstreams().keySet().stream().flatMap(name -> model.server(listener, name).stream()),
                content.tenants().stream().map(Placed::upstream));
        return servers.collect(Collectors.toMap(
                UpstreamModel::port,
                server -> new TreeSet<>(Arrays.asList(server.host().split(","))),
                (some, others) -> {
                    some.addAll(others);
                    return some;
                },
                TreeMap::new));
    }

    private static List<NetworkPolicyPeer> destinations(
            TreeSet<String> hosts, @Nullable NetworkPolicySettings settings) {
        var peers = new ArrayList<NetworkPolicyPeer>();
        var named = false;
        for (var host : hosts) {
            var address = IpBlocks.single(host);
            address.ifPresent(cidr -> peers.add(block(cidr, List.of())));
            named |= address.isEmpty();
        }
        var places = places(settings);
        places.forEach(place -> peers.add(place(place)));
        if (named && places.isEmpty()) {
            peers.addAll(ANYWHERE);
        }
        return peers;
    }

    private static List<UpstreamPeer> places(@Nullable NetworkPolicySettings settings) {
        return settings == null || settings.upstreamPeers() == null ? List.of() : settings.upstreamPeers();
    }

    private static NetworkPolicyPeer place(UpstreamPeer place) {
        return place.cidr() == null
                ? peer(place.namespaceSelector(), place.podSelector())
                : block(place.cidr(), List.of());
    }

    private static NetworkPolicyEgressRule egress(List<NetworkPolicyPeer> to, NetworkPolicyPort... ports) {
        return new NetworkPolicyEgressRuleBuilder().withTo(to).withPorts(ports).build();
    }

    private static NetworkPolicyPeer ownPods(PoolerId id) {
        var selector =
                new LabelSelectorBuilder().withMatchLabels(Labels.selector(id)).build();
        return peer(null, selector);
    }

    /** By name: while the port of a door changes, each pod is reached on the one that it listens on. */
    private static NetworkPolicyPort door() {
        return new NetworkPolicyPortBuilder()
                .withProtocol(TCP)
                .withPort(new IntOrString(PoolerPodTemplate.PORT))
                .build();
    }

    private static NetworkPolicyPort port(String protocol, int port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(port))
                .build();
    }

    /** Pods that both select; without a namespace those of the policy's own. */
    private static NetworkPolicyPeer peer(@Nullable LabelSelector namespace, @Nullable LabelSelector pod) {
        return new NetworkPolicyPeerBuilder()
                .withNamespaceSelector(namespace)
                .withPodSelector(pod)
                .build();
    }

    private static NetworkPolicyPeer block(String cidr, List<String> except) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(cidr)
                .withExcept(except)
                .endIpBlock()
                .build();
    }

    private static LabelSelector namespace(String name) {
        return labels(Labels.NAMESPACE_NAME, name);
    }

    private static LabelSelector labels(String key, String value) {
        return new LabelSelectorBuilder().withMatchLabels(Map.of(key, value)).build();
    }

    private static LabelSelector everything() {
        return new LabelSelector();
    }
}
