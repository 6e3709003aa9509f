package io.tenantpool.upstream;

/**
 * What a PostgreSQL server says of its connections.
 *
 * @param maxConnections all that it takes
 * @param reservedForSuperusers those of them that roles of tenants never get: {@code superuser_reserved_connections}
 *     and, from PostgreSQL 16 on, {@code reserved_connections}
 * @param inUse clients that are connected, the one that asked among them
 */
public record ServerSettings(int maxConnections, int reservedForSuperusers, int inUse) {
    /** The connections that roles without privileges can have. */
    public int available() {
        return Math.max(0, maxConnections - reservedForSuperusers);
    }
}
