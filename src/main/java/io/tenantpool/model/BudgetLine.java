package io.tenantpool.model;

/**
 * The contract of one kind of server and what is promised of it.
 *
 * @param committed the most server connections that all poolers together can open
 */
public record BudgetLine(ServerKey server, Contract contract, int committed) {
    /** Whether more is promised than may be. */
    public boolean isExceeded() {
        var limit = contract.limit();
        return limit != null && committed > limit;
    }
}
