package io.tenantpool.delivery;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The one thread that all delivery state is confined to. It never waits: sockets and API calls answer on other threads,
 * which hand their answers back here.
 */
final class DeliveryLoop implements Executor, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DeliveryLoop.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var created = new Thread(task, "tenantpool-delivery");
        created.setDaemon(true);
        return created;
    });

    @Override
    public void execute(Runnable task) {
        if (!thread.isShutdown()) {
            thread.execute(guarded(task));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // guarded: a failure is logged, nobody waits for the end
    void after(Duration delay, Runnable task) {
        if (!thread.isShutdown()) {
            thread.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // runs until the loop is closed
    void every(Duration period, Runnable task) {
        thread.scheduleAtFixedRate(guarded(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                // One pooler's trouble must not end the thread that all of them share.
                LOG.error("A delivery step failed; the next event or tick takes it up again", e);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
