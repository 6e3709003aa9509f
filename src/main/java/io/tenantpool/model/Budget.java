package io.tenantpool.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many server connections are promised. A pool costs its share on each pod that there can be at a time: the most that
 * are wanted, one more for a rollout and one that is stopping; or as many as there are, when those are more.
 */
final class Budget {
    private final ClusterModel cluster;
    private final Observed observed;
    private final Map<ServerKey, Integer> committed = new TreeMap<>();
    private final Map<PoolerId, Integer> pods = new HashMap<>();

    Budget(ClusterModel cluster, Observed observed) {
        this.cluster = cluster;
        this.observed = observed;
    }

    void add(PoolerId pooler, Placed tenant) {
        cost(pooler, tenant).ifPresent(c -> committed.merge(c.server(), c.connections(), Integer::sum));
    }

    void remove(PoolerId pooler, Placed tenant) {
        cost(pooler, tenant).ifPresent(c -> committed.merge(c.server(), -c.connections(), Integer::sum));
    }

    /** Whether {@code connections} more may be promised on a server. */
    boolean fits(ServerKey server, int connections) {
        var contract = contract(server);
        var limit = contract.limit();
        if (limit == null) {
            return !contract.isPending();
        }
        return (long) committed(server) + connections <= limit;
    }

    Contract contract(ServerKey server) {
        return cluster.contracts().getOrDefault(server.upstream(), new Contract(null, 0, 100, false));
    }

    int committed(ServerKey server) {
        return committed.getOrDefault(server, 0) + stillOpen(server);
    }

    /** The pods that a pooler's connections are counted for. */
    int pods(PoolerId pooler) {
        return pods.computeIfAbsent(pooler, id -> {
            var wanted = cluster.listener(id.listener())
                    .map(ListenerModel::podsAtMost)
                    .orElse(0);
            return Math.max(
                    wanted, observed.pooler(id).map(PoolerObservation::pods).orElse(0));
        });
    }

    /** Pools that were let go count until every pod has dropped them. */
    private int stillOpen(ServerKey server) {
        return observed.poolers().entrySet().stream()
                .filter(known -> cluster.listener(known.getKey().listener())
                        .filter(listener -> listener.target() == server.target())
                        .isPresent())
                .mapToInt(
                        known -> known.getValue().stillOpen().getOrDefault(server.upstream(), 0) * pods(known.getKey()))
                .sum();
    }

    /** What one pool costs. */
    record Cost(ServerKey server, int connections) {}

    /** Empty when the pool has no connections. */
    Optional<Cost> cost(PoolerId pooler, Placed tenant) {
        if (!tenant.standing().hasPool()) {
            return Optional.empty();
        }
        return cluster.listener(pooler.listener())
                .map(listener -> new Cost(
                        new ServerKey(tenant.upstream().name(), listener.target()),
                        tenant.grant().counted() * pods(pooler)));
    }

    List<BudgetLine> lines() {
        var lines = new TreeMap<ServerKey, BudgetLine>();
        for (var listener : cluster.listeners()) {
            for (var upstream : cluster.contracts().keySet()) {
                if (cluster.server(listener, upstream).isPresent()) {
                    var server = new ServerKey(upstream, listener.target());
                    lines.put(server, new BudgetLine(server, contract(server), committed(server)));
                }
            }
        }
        return new ArrayList<>(lines.values());
    }
}
