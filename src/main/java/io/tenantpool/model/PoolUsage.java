package io.tenantpool.model;

import java.time.Duration;

/**
 * What one pod says of one pool, all users of the database together.
 *
 * @param active server connections that clients use right now
 * @param servers all server connections, the unused ones and those of cancel requests among them
 * @param clients connected ones, idle or not, and those that only cancel a query
 * @param waiting clients that wait for a server connection
 * @param maxWait how long the first of them has waited, zero when nobody waits
 */
public record PoolUsage(int active, int servers, int clients, int waiting, Duration maxWait) {
    /** A pool that nobody asked for: a pooler does not even list it. */
    public static final PoolUsage NONE = new PoolUsage(0, 0, 0, 0, Duration.ZERO);

    public PoolUsage plus(PoolUsage other) {
        return new PoolUsage(
                active + other.active,
                servers + other.servers,
                clients + other.clients,
                waiting + other.waiting,
                maxWait.compareTo(other.maxWait) >= 0 ? maxWait : other.maxWait);
    }
}
