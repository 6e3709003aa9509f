package io.tenantpool.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks every 100 ms how many connections PostgreSQL has, and keeps the largest number. */
public final class ConnectionSampler implements AutoCloseable {
    private final Connection superuser;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger peak = new AtomicInteger();

    private ConnectionSampler(Connection superuser) {
        this.superuser = superuser;
    }

    /** Starts to look. */
    public static ConnectionSampler start(ClusterPostgres postgres) throws SQLException {
        ConnectionSampler sampler = new ConnectionSampler(postgres.superuser("postgres"));
        var unused = sampler.clock.scheduleAtFixedRate(sampler::look, 0, 100, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private void look() {
        try {
            peak.accumulateAndGet(ClusterPostgres.clientConnections(superuser), Math::max);
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
