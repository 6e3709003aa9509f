package io.tenantpool.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Clients of one tenant that query without pause and connect again when they lose their connection. */
final class DemoClients implements AutoCloseable {
    private final DemoTenant tenant;
    private final String host;
    private final int port;
    private final AtomicLong queries = new AtomicLong();
    private final AtomicInteger lostConnections = new AtomicInteger();
    private final AtomicInteger refusedLogins = new AtomicInteger();
    private final AtomicLong lastFailureNanos = new AtomicLong(System.nanoTime());
    private final AtomicReference<String> lastFailure = new AtomicReference<>("none");
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    DemoClients(DemoTenant tenant, String host, int port, int count) {
        this.tenant = tenant;
        this.host = host;
        this.port = port;
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::run, "client-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        while (!closed) {
            boolean connected = false;
            try (Connection connection = tenant.connect(host, port);
                    Statement statement = connection.createStatement()) {
                connected = true;
                // A new login now and then: those are what a missing pool would refuse.
                for (int i = 0; i < 200 && !closed; i++) {
                    query(statement);
                }
            } catch (SQLException e) {
                (connected ? lostConnections : refusedLogins).incrementAndGet();
                lastFailure.set(String.valueOf(e.getMessage()));
                lastFailureNanos.set(System.nanoTime());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void query(Statement statement) throws SQLException, InterruptedException {
        try (ResultSet rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            queries.incrementAndGet();
        }
        // Leaves the processor to the poolers: the demo also runs on two cores.
        Thread.sleep(2);
    }

    int size() {
        return threads.size();
    }

    long queries() {
        return queries.get();
    }

    int failures() {
        return lostConnections.get() + refusedLogins.get();
    }

    int lostConnections() {
        return lostConnections.get();
    }

    int refusedLogins() {
        return refusedLogins.get();
    }

    String lastFailure() {
        return String.valueOf(lastFailure.get());
    }

    /** How long before now the last failure was, in seconds. */
    double secondsSinceLastFailure() {
        return (System.nanoTime() - lastFailureNanos.get()) / 1e9;
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
