package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Listener;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Upstream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills in a PoolerCluster's defaults, or says what is wrong with it. */
public final class ClusterResolver {
    /** Lower ones need a right that the pods do not have. */
    private static final int FIRST_PORT = 1024;

    private static final int DEFAULT_PORT = 6432;
    private static final int POSTGRESQL_PORT = 5432;

    private ClusterResolver() {}

    /** A model or a finding, never both. */
    public record Result(Optional<ClusterModel> model, Optional<Finding> finding) {}

    public static Result resolve(PoolerCluster cluster) {
        var spec = cluster.getSpec();
        var upstreams = new TreeMap<String, UpstreamModel>();
        for (var upstream : Objects.requireNonNullElse(spec.upstreams(), List.<Upstream>of())) {
            var primary = primary(upstream);
            if (primary == null) {
                return invalid("spec.upstreams[" + upstream.name()
                        + "].static.endpoints: name exactly one endpoint with role Primary");
            }
            upstreams.put(upstream.name(), primary);
        }
        var listeners = spec.listeners() == null || spec.listeners().isEmpty()
                ? List.of(new ListenerModel("transaction", "Transaction", DEFAULT_PORT, 2, 1000, 25, 60))
                : spec.listeners().stream().map(ClusterResolver::listener).toList();
        var ports = new HashSet<Integer>();
        for (var listener : listeners) {
            if (listener.port() < FIRST_PORT || listener.port() > 65535 || !ports.add(listener.port())) {
                return invalid("spec.listeners[" + listener.name()
                        + "].port: every listener needs a port of its own between 1024 and 65535");
            }
        }
        return new Result(
                Optional.of(new ClusterModel(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName(),
                        listeners,
                        Map.copyOf(upstreams))),
                Optional.empty());
    }

    private static Result invalid(String message) {
        return new Result(Optional.empty(), Optional.of(Finding.keeping(Reason.Invalid, message)));
    }

    private static @Nullable UpstreamModel primary(Upstream upstream) {
        if (upstream.staticEndpoints() == null) {
            return null;
        }
        var primaries = upstream.staticEndpoints().endpoints().stream()
                .filter(endpoint -> endpoint.role() == null || endpoint.role() == Upstream.Role.Primary)
                .toList();
        if (primaries.size() != 1) {
            return null;
        }
        var endpoint = primaries.get(0);
        return new UpstreamModel(
                upstream.name(), endpoint.host(), Objects.requireNonNullElse(endpoint.port(), POSTGRESQL_PORT));
    }

    private static ListenerModel listener(Listener listener) {
        return new ListenerModel(
                listener.name(),
                listener.poolMode() == null
                        ? "Transaction"
                        : listener.poolMode().name(),
                Objects.requireNonNullElse(listener.port(), DEFAULT_PORT),
                Objects.requireNonNullElse(listener.replicas(), 2),
                Objects.requireNonNullElse(listener.maxClientConnectionsPerPod(), 1000),
                Objects.requireNonNullElse(listener.defaultPoolSize(), 25),
                Objects.requireNonNullElse(listener.terminationGracePeriodSeconds(), 60));
    }
}
