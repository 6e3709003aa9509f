package io.tenantpool.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications with a connection pool: their connections never leave by themselves, they run one short transaction
 * after another, and one that finds its connection closed before a transaction opens another and goes on.
 */
public final class PooledClients implements AutoCloseable {
    private static final int FEW = 20;

    private final PoolerLogin login;
    private final int perConnection;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Long> doneAt = new ConcurrentLinkedQueue<>();
    private final AtomicInteger closedBetween = new AtomicInteger();
    private final Queue<String> cutInside = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private volatile boolean leaving;

    private PooledClients(PoolerLogin login, int perConnection) {
        this.login = login;
        this.perConnection = perConnection;
    }

    /** Starts so many clients, each with one connection. */
    public static PooledClients start(PoolerLogin login, int count) {
        return start(login, count, Integer.MAX_VALUE);
    }

    /** The same with clients that take another connection after a few transactions, so that each pod has some soon. */
    public static PooledClients startRestless(PoolerLogin login, int count) {
        return start(login, count, FEW);
    }

    private static PooledClients start(PoolerLogin login, int count, int perConnection) {
        PooledClients clients = new PooledClients(login, perConnection);
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
                int carriedOut = 0;
                while (!leaving && carriedOut < perConnection && transaction(statement, carriedOut == 0)) {
                    carriedOut++;
                    doneAt.add(System.nanoTime());
                }
            } catch (SQLException e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Whether the connection is good for another one. */
    private boolean transaction(Statement statement, boolean first) {
        try {
            statement.execute("BEGIN");
        } catch (SQLException e) {
            if (first) {
                refused.add("closed before its first transaction: " + e.getMessage()); // it has reconnected already
            }
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
        return doneAt.size();
    }

    /** How many transactions ended in each second from one {@link System#nanoTime()} to another. */
    public List<Integer> perSecond(long from, long to) {
        int[] counts = new int[(int) TimeUnit.NANOSECONDS.toSeconds(to - from)];
        doneAt.stream()
                .map(at -> Math.floorDiv(at - from, TimeUnit.SECONDS.toNanos(1)))
                .filter(second -> second >= 0 && second < counts.length)
                .forEach(second -> counts[second.intValue()]++);
        return Arrays.stream(counts).boxed().toList();
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
