package io.tenantpool.model;

/**
 * The sizes of one tenant's pool on one door.
 *
 * @param poolSize server connections that were granted, all pods together
 * @param perPod the part of it that one pod may open
 * @param counted as {@code perPod}, or more after it was lowered and while some pod may still hold more: the room is
 *     not given to others before
 * @param minIdle server connections that one pod keeps open without clients; 0 for none
 */
public record PoolGrant(int poolSize, int perPod, int counted, int minIdle) {
    /** The size of a pool that was granted before sizes were written down: its share stays as it is. */
    public static final int UNKNOWN = 0;

    public PoolGrant withCounted(int newCounted) {
        return new PoolGrant(poolSize, perPod, newCounted, minIdle);
    }
}
