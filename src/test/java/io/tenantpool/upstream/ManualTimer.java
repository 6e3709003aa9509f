package io.tenantpool.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs what is due when it is told to, however long that would have taken. */
final class ManualTimer implements LiveLimits.Timer {
    private final List<Duration> delays = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        delays.add(delay);
        tasks.add(task);
    }

    synchronized List<Duration> delays() {
        return List.copyOf(delays);
    }

    void fire() {
        List<Runnable> due;
        synchronized (this) {
            due = List.copyOf(tasks);
            tasks.clear();
            delays.clear();
        }
        due.forEach(Runnable::run);
    }
}
