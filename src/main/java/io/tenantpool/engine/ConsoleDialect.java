package io.tenantpool.engine;

/**
 * How to talk to a pooler's admin console.
 *
 * @param adminUser may RELOAD
 * @param sentinelUser logs in only when the user list was read to its end
 * @param markerQuery yields rows with {@code markerKey} in the first column and the marker in the second
 */
public record ConsoleDialect(
        String database,
        String adminUser,
        String sentinelUser,
        String reload,
        String markerQuery,
        String markerKey,
        PoolTable pools) {}
