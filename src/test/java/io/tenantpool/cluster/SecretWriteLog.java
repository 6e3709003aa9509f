package io.tenantpool.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.tenantpool.testing.ApiServerDouble;
import io.tenantpool.testing.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Every write of a pooler's Secret as a watch tells of it: when, whose, and how many bytes of data it has, in Base64. */
final class SecretWriteLog implements Watcher<Secret>, AutoCloseable {
    private final List<Write> writes = new ArrayList<>();
    private final Watch watch;

    // The watch tells of nothing before the list above exists, and the list is all that it touches.
    @SuppressWarnings("this-escape")
    SecretWriteLog(ApiServerDouble api) {
        watch = api.client()
                .secrets()
                .inNamespace(Fleet.POOLERS)
                .withLabel("tenantpool.io/listener")
                .watch(this);
    }

    /** One write. */
    record Write(long nanos, String pooler, long bytes) {}

    @Override
    public void eventReceived(Action action, Secret secret) {
        long now = System.nanoTime();
        if (action == Action.MODIFIED) {
            long bytes =
                    secret.getData().values().stream().mapToLong(String::length).sum();
            synchronized (writes) {
                writes.add(new Write(now, secret.getMetadata().getName(), bytes));
            }
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        throw new IllegalStateException("the watch of the pooler Secrets ended", cause);
    }

    /** The writes after a moment, in their order. */
    List<Write> since(long nanos) {
        synchronized (writes) {
            return writes.stream()
                    .filter(write -> write.nanos() >= nanos)
                    .sorted(Comparator.comparingLong(Write::nanos))
                    .toList();
        }
    }

    /** The first write of a pooler after a moment. */
    Optional<Write> first(String pooler, long nanos) {
        return since(nanos).stream()
                .filter(write -> write.pooler().equals(pooler))
                .findFirst();
    }

    /** The most bytes within any time of this length, per second of it. */
    static long mostPerSecond(List<Write> writes, Duration window) {
        long most = 0;
        for (Write first : writes) {
            long until = first.nanos() + window.toNanos();
            most = Math.max(
                    most,
                    writes.stream()
                            .filter(write -> write.nanos() >= first.nanos() && write.nanos() < until)
                            .mapToLong(Write::bytes)
                            .sum());
        }
        return most * 1000 / window.toMillis();
    }

    @Override
    public void close() {
        watch.close();
    }
}
