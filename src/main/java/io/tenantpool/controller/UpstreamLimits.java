package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus.BudgetStatus;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Contract;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.upstream.LiveLimits;
import io.tenantpool.upstream.Server;
import io.tenantpool.upstream.ServerSettings;
import io.tenantpool.upstream.Transport;
import io.tenantpool.upstream.UpstreamKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills in the contracts of a PoolerCluster that its servers tell themselves. */
public final class UpstreamLimits {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AdminSecrets secrets;
    private final Clock clock;
    private final LiveLimits limits;

    public UpstreamLimits(KubernetesClient client, Clock clock, LiveLimits limits) {
        this.secrets = new AdminSecrets(client, clock);
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * A PoolerCluster with the contracts as they are known now.
     *
     * @param troubles by the name of the upstream: why its server does not tell, with the field and the remedy; one is
     *     also there when the contract holds since the server told before
     * @param again when to look again although no event will come: nobody is told of a Secret without a label
     */
    public record Filled(ClusterModel model, Map<String, String> troubles, Optional<Duration> again) {}

    /** Fills in what is known and sees to it that the rest becomes known; the reconciler is signalled then. */
    public Filled fill(PoolerCluster cluster, ClusterModel model) {
        var contracts = new TreeMap<>(model.contracts());
        var troubles = new TreeMap<String, String>();
        var asked = new ArrayList<UpstreamKey>();
        Duration again = null;
        for (var upstream : upstreams(cluster)) {
            var contract = contracts.get(upstream.name());
            var server = model.upstreams().get(upstream.name());
            var ref = upstream.adminSecretRef();
            if (contract == null || !contract.live() || server == null || ref == null) {
                continue;
            }
            var key = key(cluster, upstream);
            asked.add(key);
            var read = secrets.read(
                    new AdminSecrets.Ref(key.clusterUid(), cluster.getMetadata().getNamespace(), ref.name()));
            var trouble = model.untrusted().contains(upstream.name())
                    ? "the server is not asked before it can be verified; see the condition UpstreamsVerified"
                    : ask(key, server, read, Transport.of(model.serverTls(), upstream.name()));
            if (trouble != null) {
                troubles.put(upstream.name(), "spec.upstreams[" + upstream.name() + "].adminSecretRef: " + trouble);
                again = sooner(again, wait(read));
            }
            contracts.put(upstream.name(), withMax(contract, key, cluster));
        }
        limits.retainAll(cluster.getMetadata().getUid(), asked);
        return new Filled(model.withContracts(contracts), Map.copyOf(troubles), Optional.ofNullable(again));
    }

    /** Drops all that is known of a PoolerCluster. */
    public void forget(String clusterUid) {
        secrets.forget(clusterUid);
        limits.forget(clusterUid);
    }

    /** @return why the server does not tell, or null */
    private @Nullable String ask(UpstreamKey key, UpstreamModel server, AdminSecrets.Read read, Transport tls) {
        if (read.user() != null && read.password() != null) {
            limits.want(key, new Server(server.host(), server.port(), read.user(), read.password(), tls));
        }
        if (read.trouble() != null) {
            return read.trouble();
        }
        return limits.lastError(key)
                .map(error -> error + "; correct the server or the Secret, or set connections.max")
                .orElse(null);
    }

    private Contract withMax(Contract contract, UpstreamKey key, PoolerCluster cluster) {
        var told = limits.known(key).map(ServerSettings::available);
        return contract.withMax(told.or(() -> reported(cluster, key.upstream())).orElse(null));
    }

    /** A restart of the operator while the server is down must not lose the contract. */
    private static Optional<Integer> reported(PoolerCluster cluster, String upstream) {
        var budget = cluster.getStatus() == null ? null : cluster.getStatus().budget();
        return Objects.requireNonNullElse(budget, List.<BudgetStatus>of()).stream()
                .filter(entry -> entry.upstream().equals(upstream))
                .map(BudgetStatus::max)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static List<Upstream> upstreams(PoolerCluster cluster) {
        return Objects.requireNonNullElse(cluster.getSpec().upstreams(), List.of());
    }

    private static UpstreamKey key(PoolerCluster cluster, Upstream upstream) {
        var meta = cluster.getMetadata();
        return new UpstreamKey(meta.getUid(), meta.getNamespace(), meta.getName(), upstream.name());
    }

    private Duration wait(AdminSecrets.Read read) {
        var left = Duration.between(clock.instant(), read.again());
        return left.compareTo(SOON) < 0 ? SOON : left;
    }

    private static Duration sooner(@Nullable Duration one, Duration other) {
        return one == null || other.compareTo(one) < 0 ? other : one;
    }
}
