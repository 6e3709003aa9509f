package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach whom, as {@code networking.k8s.io/v1} defines it: a connection needs the leave of the policies that
 * select its source (egress) and of those that select its destination (ingress); whom none selects is free.
 *
 * @param policies of all namespaces
 * @param blocksHoldPods whether an {@code ipBlock} also means pods with such addresses; the API leaves that open, and
 *     networks differ
 */
public record PolicyNetwork(List<NetworkPolicy> policies, boolean blocksHoldPods) {
    private static final String INGRESS = "Ingress";
    private static final String EGRESS = "Egress";

    /**
     * One end of a connection.
     *
     * @param pod null for an address that no pod has
     */
    public record End(String address, @Nullable Pod pod) {
        /** An address that no pod has. */
        public static End outside(String address) {
            return new End(address, null);
        }
    }

    /**
     * What policies know of a pod.
     *
     * @param namedPorts the container's ports; all of them are TCP
     */
    public record Pod(
            String namespace,
            Map<String, String> namespaceLabels,
            Map<String, String> labels,
            Map<String, Integer> namedPorts) {}

    /** Whether a connection over TCP is let through. */
    public boolean connects(End from, End to, int port) {
        return lets(from, to, "TCP", port);
    }

    /** Whether what {@code from} sends reaches {@code to}. */
    public boolean lets(End from, End to, String protocol, int port) {
        return letsOut(from, to, protocol, port) && letsIn(from, to, protocol, port);
    }

    private boolean letsOut(End from, End to, String protocol, int port) {
        var selecting = selecting(from, EGRESS);
        return selecting.isEmpty()
                || selecting.stream().anyMatch(policy -> policy.getSpec().getEgress().stream()
                        .anyMatch(rule ->
                                meansPort(rule.getPorts(), to, protocol, port) && meansEnd(rule.getTo(), policy, to)));
    }

    private boolean letsIn(End from, End to, String protocol, int port) {
        var selecting = selecting(to, INGRESS);
        return selecting.isEmpty()
                || selecting.stream().anyMatch(policy -> policy.getSpec().getIngress().stream()
                        .anyMatch(rule -> meansPort(rule.getPorts(), to, protocol, port)
                                && meansEnd(rule.getFrom(), policy, from)));
    }

    private List<NetworkPolicy> selecting(End end, String direction) {
        var pod = end.pod();
        return pod == null
                ? List.of()
                : policies.stream()
                        .filter(policy -> policy.getMetadata().getNamespace().equals(pod.namespace())
                                && matches(policy.getSpec().getPodSelector(), pod.labels())
                                && directions(policy).contains(direction))
                        .toList();
    }

    private static List<String> directions(NetworkPolicy policy) {
        var spec = policy.getSpec();
        if (!spec.getPolicyTypes().isEmpty()) {
            return spec.getPolicyTypes();
        }
        return spec.getEgress().isEmpty() ? List.of(INGRESS) : List.of(INGRESS, EGRESS);
    }

    private static boolean meansPort(List<NetworkPolicyPort> ports, End to, String protocol, int port) {
        return ports.isEmpty()
                || ports.stream()
                        .anyMatch(wanted -> protocol.equals(Objects.requireNonNullElse(wanted.getProtocol(), "TCP"))
                                && meansPort(wanted, to, protocol, port));
    }

    private static boolean meansPort(NetworkPolicyPort wanted, End to, String protocol, int port) {
        IntOrString first = wanted.getPort();
        if (first == null) {
            return true;
        }
        var pod = to.pod();
        if (first.getStrVal() != null) {
            return pod != null
                    && protocol.equals("TCP")
                    && Objects.equals(pod.namedPorts().get(first.getStrVal()), port);
        }
        int last = Objects.requireNonNullElse(wanted.getEndPort(), first.getIntVal());
        return first.getIntVal() <= port && port <= last;
    }

    private boolean meansEnd(List<NetworkPolicyPeer> peers, NetworkPolicy policy, End end) {
        return peers.isEmpty() || peers.stream().anyMatch(peer -> meansEnd(peer, policy, end));
    }

    private boolean meansEnd(NetworkPolicyPeer peer, NetworkPolicy policy, End end) {
        var pod = end.pod();
        if (peer.getIpBlock() != null) {
            return (pod == null || blocksHoldPods) && holds(peer.getIpBlock(), end.address());
        }
        if (pod == null) {
            return false;
        }
        var inNamespace = peer.getNamespaceSelector() == null
                ? pod.namespace().equals(policy.getMetadata().getNamespace())
                : matches(peer.getNamespaceSelector(), pod.namespaceLabels());
        return inNamespace && (peer.getPodSelector() == null || matches(peer.getPodSelector(), pod.labels()));
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        var wanted = Objects.requireNonNullElse(selector.getMatchLabels(), Map.<String, String>of());
        return labels.entrySet().containsAll(wanted.entrySet())
                && selector.getMatchExpressions().stream().allMatch(expression -> matches(expression, labels));
    }

    private static boolean matches(LabelSelectorRequirement expression, Map<String, String> labels) {
        var value = labels.get(expression.getKey());
        return switch (expression.getOperator()) {
            case "In" -> value != null && expression.getValues().contains(value);
            case "NotIn" -> value == null || !expression.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new IllegalArgumentException(expression.getOperator());
        };
    }

    private static boolean holds(IPBlock block, String address) {
        return holds(block.getCidr(), address)
                && block.getExcept().stream().noneMatch(except -> holds(except, address));
    }

    private static boolean holds(String cidr, String address) {
        var slash = cidr.indexOf('/');
        var network = bytes(cidr.substring(0, slash));
        var candidate = bytes(address);
        if (network.length != candidate.length) {
            return false;
        }
        var ignored = 8 * network.length - Integer.parseInt(cidr.substring(slash + 1));
        return new BigInteger(1, network).shiftRight(ignored).equals(new BigInteger(1, candidate).shiftRight(ignored));
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress(); // an address, so nobody is asked
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
