package io.tenantpool.controller;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What has to be looked at again and again, because no event announces it. */
public final class Looks implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Looks.class);

    private final List<Look> looks = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var created = new Thread(task, "tenantpool-looks");
        created.setDaemon(true);
        return created;
    });

    private record Look(Duration every, Runnable task) {}

    /** To be called before {@link #start()}. */
    public void every(Duration period, Runnable task) {
        looks.add(new Look(period, task));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // they run until the thread ends
    public void start() {
        looks.forEach(look -> thread.scheduleWithFixedDelay(
                guarded(look.task()), look.every().toMillis(), look.every().toMillis(), TimeUnit.MILLISECONDS));
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("A look failed; the next one takes it up again", e);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
