package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.AllowedTenants;
import io.tenantpool.api.v1alpha1.Listener;
import io.tenantpool.api.v1alpha1.NameRules;
import io.tenantpool.api.v1alpha1.NetworkPolicySettings;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Upstream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fills in a PoolerCluster's defaults, or says what is wrong with it. */
public final class ClusterResolver {
    /** Lower ones need a right that the pods do not have. */
    private static final int FIRST_PORT = 1024;

    private static final Pattern HOST = Pattern.compile(NameRules.HOST);
    private static final int MAX_HOST_LENGTH = 253;
    private static final Pattern UPSTREAM = Pattern.compile(NameRules.DNS_LABEL);
    private static final int MAX_UPSTREAM_LENGTH = 63;
    private static final Pattern LISTENER = Pattern.compile(NameRules.LISTENER);
    private static final int MAX_LISTENER_LENGTH = 20;

    private ClusterResolver() {}

    /** A model or a finding, never both; the model believes no server yet, see {@link ClusterModel#withTrust}. */
    public record Result(Optional<ClusterModel> model, Optional<Finding> finding) {}

    public static Result resolve(PoolerCluster cluster) {
        var spec = cluster.getSpec();
        var upstreams = new TreeMap<String, UpstreamModel>();
        var replicas = new TreeMap<String, UpstreamModel>();
        var contracts = new TreeMap<String, Contract>();
        for (var upstream : Objects.requireNonNullElse(spec.upstreams(), List.<Upstream>of())) {
            var unusable = unusable(upstream);
            if (unusable.isPresent()) {
                return invalid("spec.upstreams[" + upstream.name() + "].static.endpoints: " + unusable.get());
            }
            var primary = servers(upstream, Upstream.Role.Primary);
            upstreams.put(upstream.name(), address(upstream, primary));
            var others = servers(upstream, Upstream.Role.Replica);
            if (!others.isEmpty()) {
                replicas.put(upstream.name(), address(upstream, others));
            }
            contracts.put(upstream.name(), contract(upstream));
        }
        var listeners = listeners(spec.listeners());
        var finding = names(upstreams.keySet(), listeners)
                .or(() -> ports(listeners))
                .or(() -> oneTlsMode(spec.upstreams()))
                .or(() -> brokenBlock(spec.networkPolicy()));
        if (finding.isPresent()) {
            return invalid(finding.get());
        }
        var model = new ClusterModel(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                listeners,
                Map.copyOf(upstreams),
                Map.copyOf(replicas),
                Map.copyOf(contracts),
                admission(spec.allowedTenants()),
                tenantsPerCell(spec.cells()),
                new ServerTls(tlsModes(spec.upstreams()).first(), new TreeMap<>()),
                Set.copyOf(upstreams.keySet()));
        return new Result(Optional.of(model), Optional.empty());
    }

    /** What is wrong with the addresses of an upstream. */
    private static Optional<String> unusable(Upstream upstream) {
        var primary = servers(upstream, Upstream.Role.Primary);
        if (primary.size() != 1) {
            return Optional.of("name exactly one endpoint with role Primary");
        }
        var others = servers(upstream, Upstream.Role.Replica);
        if (others.stream().map(ClusterResolver::port).distinct().count() > 1) {
            return Optional.of("the endpoints with role Replica are used in turn and need one port");
        }
        return Stream.concat(primary.stream(), others.stream())
                .filter(server -> !isUsable(server))
                .findFirst()
                .map(server -> "a host is one DNS name or IP address of at most " + MAX_HOST_LENGTH
                        + " characters, a port is between 1 and 65535");
    }

    /** The schema refuses these already; an API server with an older one does not, and several hosts become one list. */
    private static boolean isUsable(Upstream.Endpoint server) {
        return isName(server.host(), HOST, MAX_HOST_LENGTH) && port(server) > 0 && port(server) <= 65535;
    }

    private static List<ListenerModel> listeners(@Nullable List<Listener> wanted) {
        return (wanted == null || wanted.isEmpty() ? List.of(Listener.computedDefault()) : wanted)
                .stream().map(ClusterResolver::listener).toList();
    }

    /** At least one: a PoolerCluster without upstreams has the default. */
    private static SortedSet<Upstream.TlsMode> tlsModes(@Nullable List<Upstream> upstreams) {
        var modes = Objects.requireNonNullElse(upstreams, List.<Upstream>of()).stream()
                .map(Upstream::tlsMode)
                .collect(Collectors.toCollection(TreeSet::new));
        return modes.isEmpty() ? new TreeSet<>(Set.of(Upstream.TlsMode.VerifyFull)) : modes;
    }

    private static Optional<String> oneTlsMode(@Nullable List<Upstream> upstreams) {
        var modes = tlsModes(upstreams);
        return modes.size() > 1
                ? Optional.of("spec.upstreams: PgBouncer has one TLS mode for all its server connections, so every"
                        + " upstream has the same tls.mode, not " + modes
                        + ": put servers that need another one into a PoolerCluster of their own")
                : Optional.empty();
    }

    private static int tenantsPerCell(PoolerClusterSpec.@Nullable Cells cells) {
        var max = cells == null ? null : cells.maxTenants();
        return Objects.requireNonNullElse(max, PoolerClusterSpec.Cells.DEFAULT_MAX_TENANTS);
    }

    /** The schema refuses these already, too; they become parts of objects' names, and so of paths of the API. */
    private static Optional<String> names(Set<String> upstreams, List<ListenerModel> listeners) {
        if (!upstreams.stream().allMatch(name -> isName(name, UPSTREAM, MAX_UPSTREAM_LENGTH))) {
            return Optional.of(
                    "spec.upstreams: a name is a DNS label of at most " + MAX_UPSTREAM_LENGTH + " characters");
        }
        return listeners.stream().allMatch(listener -> isName(listener.name(), LISTENER, MAX_LISTENER_LENGTH))
                ? Optional.empty()
                : Optional.of(
                        "spec.listeners: a name has lower-case letters and digits, begins with a letter and has at"
                                + " most " + MAX_LISTENER_LENGTH + " characters");
    }

    private static boolean isName(String name, Pattern pattern, int length) {
        return name.length() <= length && pattern.matcher(name).matches();
    }

    private static Optional<String> ports(List<ListenerModel> listeners) {
        var ports = new HashSet<Integer>();
        return listeners.stream()
                .filter(l -> l.port() < FIRST_PORT || l.port() > 65535 || !ports.add(l.port()))
                .findFirst()
                .map(l -> "spec.listeners[" + l.name()
                        + "].port: every listener needs a port of its own between 1024 and 65535");
    }

    /** The API server would refuse the policy, and all that is applied after it would wait. */
    private static Optional<String> brokenBlock(@Nullable NetworkPolicySettings settings) {
        var peers = settings == null ? null : settings.upstreamPeers();
        return Objects.requireNonNullElse(peers, List.<NetworkPolicySettings.UpstreamPeer>of()).stream()
                .map(NetworkPolicySettings.UpstreamPeer::cidr)
                .filter(cidr -> cidr != null && !IpBlocks.isBlock(cidr))
                .findFirst()
                .map(cidr -> "spec.networkPolicy.upstreamPeers: " + cidr
                        + " is no block of addresses; write one like 10.1.0.0/16 or 2001:db8::/32");
    }

    private static Result invalid(String message) {
        return new Result(Optional.empty(), Optional.of(Finding.keeping(Reason.Invalid, message)));
    }

    private static List<Upstream.Endpoint> servers(Upstream upstream, Upstream.Role role) {
        return upstream.staticEndpoints() == null
                ? List.of()
                : upstream.staticEndpoints().endpoints().stream()
                        .filter(server -> Objects.requireNonNullElse(server.role(), Upstream.Role.Primary) == role)
                        .toList();
    }

    private static UpstreamModel address(Upstream upstream, List<Upstream.Endpoint> servers) {
        var hosts = servers.stream().map(Upstream.Endpoint::host).collect(Collectors.joining(","));
        return new UpstreamModel(upstream.name(), hosts, port(servers.get(0)));
    }

    private static int port(Upstream.Endpoint server) {
        return Objects.requireNonNullElse(server.port(), Upstream.Endpoint.DEFAULT_PORT);
    }

    private static Contract contract(Upstream upstream) {
        var connections = upstream.connections();
        var max = connections == null ? null : connections.max();
        var reserved = connections == null ? null : connections.reserved();
        var percent = connections == null ? null : connections.overcommitPercent();
        return new Contract(
                max,
                Objects.requireNonNullElse(reserved, 0),
                Objects.requireNonNullElse(percent, Upstream.Connections.DEFAULT_OVERCOMMIT_PERCENT),
                max == null && upstream.adminSecretRef() != null);
    }

    private static Admission admission(@Nullable AllowedTenants allowed) {
        return allowed == null
                ? Admission.OPEN
                : new Admission(
                        Boolean.TRUE.equals(allowed.dedicated()), allowed.maxPerNamespace(), allowed.maxPoolSize());
    }

    private static ListenerModel listener(Listener listener) {
        var scaling = listener.autoscaling();
        int replicas = scaling == null
                ? Objects.requireNonNullElse(listener.replicas(), Listener.DEFAULT_REPLICAS)
                : scaling.minReplicas();
        return new ListenerModel(
                listener.name(),
                Objects.requireNonNullElse(listener.poolMode(), Listener.PoolMode.Transaction)
                        .name(),
                Objects.requireNonNullElse(listener.target(), Upstream.Role.Primary),
                Objects.requireNonNullElse(listener.port(), Listener.DEFAULT_PORT),
                replicas,
                scaling == null ? replicas : scaling.maxReplicas(),
                scaling == null
                        ? null
                        : Objects.requireNonNullElse(
                                scaling.targetCPUUtilizationPercentage(), Listener.Autoscaling.DEFAULT_TARGET_CPU),
                Objects.requireNonNullElse(
                        listener.maxClientConnectionsPerPod(), Listener.DEFAULT_MAX_CLIENT_CONNECTIONS_PER_POD),
                Objects.requireNonNullElse(listener.defaultPoolSize(), Listener.DEFAULT_POOL_SIZE),
                Objects.requireNonNullElse(
                        listener.terminationGracePeriodSeconds(), Listener.DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS));
    }
}
