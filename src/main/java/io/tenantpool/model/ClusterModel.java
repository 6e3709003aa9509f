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
        Set<String> untrusted) {

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
        return new ClusterModel(
                namespace,
                name,
                listeners,
                upstreams,
                replicas,
                Map.copyOf(others),
                admission,
                maxTenantsPerCell,
                serverTls,
                untrusted);
    }

    public ClusterModel withTrust(TrustDecision.Trust trust) {
        return new ClusterModel(
                namespace,
                name,
                listeners,
                upstreams,
                replicas,
                contracts,
                admission,
                maxTenantsPerCell,
                trust.tls(),
                Set.copyOf(trust.untrusted()));
    }
}
