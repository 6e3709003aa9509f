package io.tenantpool.engine;

/**
 * How to talk to a pooler's admin console.
 *
 * @param adminUser may RELOAD
 * @param sentinelUser logs in only when the user list was read to its end
 * @param markerQuery yields rows with {@code markerKey} in the first column and the marker in the second
 * @param poolsQuery yields rows with a pool name in {@code poolsName} and the number of its server connections that
 *     clients use right now in {@code poolsInUse}, and of its clients that wait for one in {@code poolsWaiting}
 */
public record ConsoleDialect(
        String database,
        String adminUser,
        String sentinelUser,
        String reload,
        String markerQuery,
        String markerKey,
        String poolsQuery,
        String poolsName,
        String poolsInUse,
        String poolsWaiting) {}
