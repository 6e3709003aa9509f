package io.tenantpool.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks every 100 ms how many connections PostgreSQL has, and keeps what it saw. */
public final class ConnectionSampler implements AutoCloseable {
    /** When a look failed: whoever asks for the peak must learn that it is not known. */
    private static final Map<String, Integer> UNKNOWN = Map.of("", Integer.MAX_VALUE);

    private final Connection superuser;
    private final Count count;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();

    private ConnectionSampler(Connection superuser, Count count) {
        this.superuser = superuser;
        this.count = count;
    }

    /** Asks how many there are, by role where that matters. */
    private interface Count {
        Map<String, Integer> of(Connection superuser) throws SQLException;
    }

    /**
     * What one look saw.
     *
     * @param nanos {@link System#nanoTime()} before it
     * @param byRole connections; roles without any are absent
     */
    public record Sample(long nanos, Map<String, Integer> byRole) {
        /** Connections of all roles. */
        public int total() {
            return byRole.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** Connections of this one. */
        public int of(TestTenant tenant) {
            return byRole.getOrDefault(tenant.role(), 0);
        }
    }

    /** Starts to look at everybody's connections. */
    public static ConnectionSampler start(ClusterPostgres postgres) throws SQLException {
        return start(postgres, "");
    }

    /** Starts to look at the connections of roles whose name begins like this. */
    public static ConnectionSampler start(ClusterPostgres postgres, String rolePrefix) throws SQLException {
        return start(postgres, superuser -> ClusterPostgres.clientConnections(superuser, rolePrefix));
    }

    /** Starts to look at those that come from these addresses. */
    public static ConnectionSampler start(ClusterPostgres postgres, Collection<String> addresses) throws SQLException {
        return start(postgres, superuser -> Map.of("", ClusterPostgres.connectionsFrom(superuser, addresses)));
    }

    private static ConnectionSampler start(ClusterPostgres postgres, Count count) throws SQLException {
        ConnectionSampler sampler = new ConnectionSampler(postgres.superuser("postgres"), count);
        var unused = sampler.clock.scheduleAtFixedRate(sampler::look, 0, 100, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private void look() {
        long now = System.nanoTime();
        try {
            samples.add(new Sample(now, count.of(superuser)));
        } catch (SQLException e) {
            samples.add(new Sample(now, UNKNOWN));
        }
    }

    /** Everything that was seen so far, the oldest first. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** The largest number so far. */
    public int peak() {
        return samples.stream().mapToInt(Sample::total).max().orElse(0);
    }

    @Override
    public void close() throws SQLException {
        clock.shutdownNow();
        superuser.close();
    }
}
