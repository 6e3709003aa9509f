package io.tenantpool.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications with a connection pool: their connections never leave by themselves, they run one short transaction
 * after another, and one that finds its connection closed before a transaction opens another and goes on.
 */
public final class PooledClients implements AutoCloseable {
    private final PoolerLogin login;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger transactions = new AtomicInteger();
    private final AtomicInteger closedBetween = new AtomicInteger();
    private final Queue<String> cutInside = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private volatile boolean leaving;

    private PooledClients(PoolerLogin login) {
        this.login = login;
    }

    /** Starts so many clients, each with one connection. */
    public static PooledClients start(PoolerLogin login, int count) {
        PooledClients clients = new PooledClients(login);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(clients::work, "pooled-client-" + i);
            clients.threads.add(thread);
            thread.start();
        }
        return clients;
    }

    private void work() {
        while (!leaving) {
            try (Connection connection = login.open();
                    Statement statement = connection.createStatement()) {
                while (!leaving && transaction(statement)) {
                    transactions.incrementAndGet();
                }
            } catch (SQLException e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Whether the connection is good for another one. */
    private boolean transaction(Statement statement) {
        try {
            statement.execute("BEGIN");
        } catch (SQLException e) {
            // Nothing was lost: a connection pool tries the transaction again on another connection.
            closedBetween.incrementAndGet();
            return false;
        }
        try {
            statement.execute("SELECT pg_sleep(0.02)");
            statement.execute("SELECT pg_sleep(0.02)");
            statement.execute("COMMIT");
            return true;
        } catch (SQLException e) {
            cutInside.add(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Transactions that were carried out. */
    public int transactions() {
        return transactions.get();
    }

    /** How often a connection was found closed before a transaction began. */
    public int closedBetween() {
        return closedBetween.get();
    }

    /** What happened to transactions that had begun and were not carried out. */
    public List<String> cutInside() {
        return List.copyOf(cutInside);
    }

    /** What was said against new connections. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    @Override
    public void close() {
        leaving = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
