package io.tenantpool.model;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant limits on one door; null for the door's own limit, or none.
 *
 * @param idleTransactionTimeoutSeconds holds for the role, whichever pool it uses on the door
 */
public record DoorLimits(
        @Nullable Integer maxClientConnectionsPerPod,
        @Nullable Integer queryWaitTimeoutSeconds,
        @Nullable Integer idleTransactionTimeoutSeconds) {
    public static final DoorLimits NONE = new DoorLimits(null, null, null);
}
