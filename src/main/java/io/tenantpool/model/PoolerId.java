package io.tenantpool.model;

/** One pooler: the Deployment of one listener in one cell of a PoolerCluster. */
public record PoolerId(String namespace, String cluster, String cell, String listener) {
    /** The cell that every PoolerCluster has. */
    public static final String FIRST_CELL = "0";

    /** Whether the cell is one tenant's own. */
    public boolean isDedicated() {
        return Cells.isDedicated(cell);
    }

    @Override
    public String toString() {
        return namespace + "/" + cluster + "/" + cell + "/" + listener;
    }
}
