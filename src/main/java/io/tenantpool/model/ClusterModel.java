package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A PoolerCluster with its defaults filled in.
 *
 * @param upstreams the primaries, by the name of the upstream
 * @param replicas the read-only servers of the upstreams that have some
 * @param contracts by the name of the upstream
 * @param maxTenantsPerCell 1..2000
 * @param serverTls how its servers are reached
 * @param untrusted upstreams that nobody new is let in to, since nothing verifies their servers as it was asked for
 * @param clientTrust what clients are told of TLS
 */
public record ClusterModel(
        String namespace,
        String name,
        List<ListenerModel> listeners,
        Map<String, UpstreamModel> upstreams,
        Map<String, UpstreamModel> replicas,
        Map<String, Contract> contracts,
        Admission admission,
        int maxTenantsPerCell,
        ServerTls serverTls,
        Set<String> untrusted,
        ClientTrust clientTrust) {

    /** Clients come in plain text. */
    public ClusterModel(
            String namespace,
            String name,
            List<ListenerModel> listeners,
            Map<String, UpstreamModel> upstreams,
            Map<String, UpstreamModel> replicas,
            Map<String, Contract> contracts,
            Admission admission,
            int maxTenantsPerCell,
            ServerTls serverTls,
            Set<String> untrusted) {
        this(
                namespace,
                name,
                listeners,
                upstreams,
                replicas,
                contracts,
                admission,
                maxTenantsPerCell,
                serverTls,
                untrusted,
                ClientTrust.PLAIN);
    }

    public Optional<ListenerModel> listener(String listener) {
        return listeners.stream().filter(l -> l.name().equals(listener)).findFirst();
    }

    public PoolerId pooler(String cell, String listener) {
        return new PoolerId(namespace, name, cell, listener);
    }

    /** The servers that {@code listener} leads to; empty when the upstream has none of that kind. */
    public Optional<UpstreamModel> server(ListenerModel listener, String upstream) {
        var servers = listener.target() == Upstream.Role.Replica ? replicas : upstreams;
        return Optional.ofNullable(servers.get(upstream));
    }

    public ClusterModel withContracts(Map<String, Contract> others) {
        return with(Map.copyOf(others), serverTls, untrusted, clientTrust);
    }

    public ClusterModel withTrust(TrustDecision.Trust trust) {
        return with(contracts, trust.tls(), Set.copyOf(trust.untrusted()), clientTrust);
    }

    public ClusterModel withClientTrust(ClientTrust other) {
        return with(contracts, serverTls, untrusted, other);
    }

    private ClusterModel with(
            Map<String, Contract> otherContracts,
            ServerTls otherTls,
            Set<String> otherUntrusted,
            ClientTrust otherTrust) {
        return new ClusterModel(
                namespace,
                name,
                listeners,
                upstreams,
                replicas,
                otherContracts,
                admission,
                maxTenantsPerCell,
                otherTls,
                otherUntrusted,
                otherTrust);
    }
}
