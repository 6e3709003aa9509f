package io.tenantpool.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks every 100 ms how many connections PostgreSQL has, and keeps the largest number. */
public final class ConnectionSampler implements AutoCloseable {
    private final Connection superuser;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger peak = new AtomicInteger();
    private final Count count;

    private ConnectionSampler(Connection superuser, Count count) {
        this.superuser = superuser;
        this.count = count;
    }

    /** Asks how many there are. */
    private interface Count {
        int of(Connection superuser) throws SQLException;
    }

    /** Starts to look. */
    public static ConnectionSampler start(ClusterPostgres postgres) throws SQLException {
        return start(postgres, ClusterPostgres::clientConnections);
    }

    /** Starts to look at those that come from these addresses. */
    public static ConnectionSampler start(ClusterPostgres postgres, Collection<String> addresses) throws SQLException {
        return start(postgres, superuser -> ClusterPostgres.connectionsFrom(superuser, addresses));
    }

    private static ConnectionSampler start(ClusterPostgres postgres, Count count) throws SQLException {
        ConnectionSampler sampler = new ConnectionSampler(postgres.superuser("postgres"), count);
        var unused = sampler.clock.scheduleAtFixedRate(sampler::look, 0, 100, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private void look() {
        try {
            peak.accumulateAndGet(count.of(superuser), Math::max);
        } catch (SQLException e) {
            // Whoever asks for the peak must learn that it is not known.
            peak.set(Integer.MAX_VALUE);
        }
    }

    /** The largest number so far. */
    public int peak() {
        return peak.get();
    }

    @Override
    public void close() throws SQLException {
        clock.shutdownNow();
        superuser.close();
    }
}
