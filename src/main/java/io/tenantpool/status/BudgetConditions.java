package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus.BudgetStatus;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Brake;
import io.tenantpool.model.BudgetLine;
import io.tenantpool.model.ServerKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a PoolerCluster says of its server connections. */
final class BudgetConditions {
    private BudgetConditions() {}

    static void set(
            Conditions conditions, List<BudgetLine> budget, Set<ServerKey> braked, Map<String, String> troubles) {
        var exceeded = budget.stream().filter(BudgetLine::isExceeded).toList();
        var without = budget.stream()
                .filter(line -> line.contract().limit() == null)
                .collect(Collectors.toMap(
                        line -> line.server().upstream(),
                        line -> withoutLimit(line, troubles),
                        (a, b) -> a,
                        TreeMap::new));
        if (!exceeded.isEmpty()) {
            conditions.set(
                    ConditionType.WithinBudget,
                    false,
                    Reason.Overcommitted,
                    exceeded.stream().map(BudgetConditions::words).collect(Collectors.joining("; "))
                            + "; nobody loses what they have and nobody gets more: raise connections.max, or lower"
                            + " replicas or pool sizes");
        } else if (!without.isEmpty()) {
            conditions.set(
                    ConditionType.WithinBudget.name(),
                    "Unknown",
                    Reason.NoContract,
                    String.join("; ", without.values()));
        } else {
            conditions.set(ConditionType.WithinBudget, true, Reason.Fits, "What is promised fits into every upstream");
        }
        if (!braked.isEmpty()) {
            conditions.set(
                    ConditionType.Braking.name(),
                    "True",
                    Reason.NearlyFull,
                    "More than %d %% of the connections of %s were open: idle ones are let go after 5 s instead of 60"
                            .formatted(Brake.ON_PERCENT, names(braked)));
        }
    }

    private static String withoutLimit(BudgetLine line, Map<String, String> troubles) {
        var upstream = line.server().upstream();
        if (!line.contract().isPending()) {
            return "Nothing limits the server connections of upstream %s: set spec.upstreams[%s].connections.max or adminSecretRef"
                    .formatted(upstream, upstream);
        }
        return "Nobody new is let in to upstream %s before its server tells max_connections: %s"
                .formatted(upstream, troubles.getOrDefault(upstream, "it is being asked"));
    }

    private static String names(Set<ServerKey> servers) {
        return new TreeSet<>(servers)
                .stream()
                        .map(server -> "upstream " + server.upstream() + " (" + server.target() + ")")
                        .collect(Collectors.joining(", "));
    }

    private static String words(BudgetLine line) {
        return "%d connections of upstream %s (%s) are promised, %d may be"
                .formatted(
                        line.committed(),
                        line.server().upstream(),
                        line.server().target(),
                        line.contract().limit());
    }

    static BudgetStatus status(BudgetLine line) {
        var contract = line.contract();
        var limit = contract.limit();
        return new BudgetStatus(
                line.server().upstream(),
                line.server().target(),
                contract.max(),
                contract.max() == null ? null : contract.reserved(),
                line.committed(),
                limit == null ? null : limit - line.committed());
    }
}
