package io.tenantpool.model;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What every pooler of a PoolerCluster shall serve.
 *
 * @param verdicts by the Tenant's UID
 * @param braked servers whose idle connections are let go quickly
 * @param budget by server: what is promised of its connections
 */
public record Plan(
        List<PoolerContent> poolers, Map<String, Verdict> verdicts, List<BudgetLine> budget, Set<ServerKey> braked) {

    public Plan withPoolers(List<PoolerContent> others) {
        return new Plan(List.copyOf(others), verdicts, budget, braked);
    }
}
