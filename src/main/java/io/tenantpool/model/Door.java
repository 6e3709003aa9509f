package io.tenantpool.model;

/**
 * A tenant's use of one listener.
 *
 * @param poolSize server connections of the tenant on this listener, all pods together
 * @param minIdle of them, how many are kept open without clients; 0 for none
 */
public record Door(String listener, int poolSize, int minIdle, DoorLimits limits) {
    public Door withLimits(DoorLimits newLimits) {
        return new Door(listener, poolSize, minIdle, newLimits);
    }
}
