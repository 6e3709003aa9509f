package io.tenantpool.testing;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Clients that log in, ask one question and leave, again and again, each with the login that it is given then. */
public final class LoginLoad implements AutoCloseable {
    private final AtomicInteger logins = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    private LoginLoad() {}

    /** Starts so many clients. */
    public static LoginLoad start(int clients, Supplier<PoolerLogin> login) {
        LoginLoad load = new LoginLoad();
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(() -> load.run(login), "login-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void run(Supplier<PoolerLogin> logins) {
        while (!ended) {
            PoolerLogin login = logins.get();
            try (var connection = login.open();
                    var statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                this.logins.incrementAndGet();
            } catch (SQLException e) {
                failures.add(login + ": " + e.getMessage());
            }
        }
    }

    /** How many logins worked so far. */
    public int logins() {
        return logins.get();
    }

    /** What was said to each that failed. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends when the last answer has come. */
    @Override
    public void close() {
        ended = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
