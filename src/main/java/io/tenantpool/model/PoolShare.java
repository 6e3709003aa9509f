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
public record PoolShare(int poolSize, int perPod, int counted, int minIdle) {
    public PoolShare withCounted(int newCounted) {
        return new PoolShare(poolSize, perPod, newCounted, minIdle);
    }
}
