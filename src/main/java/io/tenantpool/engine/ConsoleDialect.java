package io.tenantpool.engine;

/**
 * How to talk to a pooler's admin console.
 *
 * @param adminUser may RELOAD
 * @param sentinelUser logs in only when the user list was read to its end
 * @param markerQuery yields rows with a setting in the first column and its value in the second
 * @param markerKey the setting whose value is the marker
 * @param peerKey the setting whose value is the pod's peer id, 0 for none
 * @param peerPrefix what stands before the id in the file that differs from pod to pod
 * @param maxPeerId the largest id; the smallest is 1
 * @param versionQuery yields one row with the program and its version in the first column
 * @param reconnect has the server connections of a pool replaced one by one, when no client uses them; {@code %s} is its
 *     name
 */
public record ConsoleDialect(
        String database,
        String adminUser,
        String sentinelUser,
        String reload,
        String markerQuery,
        String markerKey,
        String peerKey,
        String peerPrefix,
        int maxPeerId,
        String versionQuery,
        String reconnect,
        PoolTable pools) {}
