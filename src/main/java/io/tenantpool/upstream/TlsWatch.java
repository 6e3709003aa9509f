package io.tenantpool.upstream;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks from time to time whether servers can be believed. Its methods may be called on any thread and never wait. It
 * ends for servers that nobody wants any more.
 */
public final class TlsWatch implements AutoCloseable {
    static final Duration PERIOD = Duration.ofMinutes(1);
    static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

    private final BiFunction<ServerAddress, Transport, CompletionStage<Optional<String>>> probe;
    private final LiveLimits.Timer timer;
    private final Consumer<UpstreamKey> listener;
    private final Map<Watched, State> servers = new HashMap<>();

    TlsWatch(
            BiFunction<ServerAddress, Transport, CompletionStage<Optional<String>>> probe,
            LiveLimits.Timer timer,
            Consumer<UpstreamKey> listener) {
        this.probe = probe;
        this.timer = timer;
        this.listener = listener;
    }

    /**
     * Asks real servers.
     *
     * @param timeout for each look
     * @param listener is told when what {@link #refused} says has changed
     */
    public static TlsWatch on(Vertx vertx, Duration timeout, Consumer<UpstreamKey> listener) {
        return new TlsWatch(
                new TlsProbe(vertx, timeout)::ask,
                (delay, task) -> vertx.setTimer(delay.toMillis(), id -> task.run()),
                listener);
    }

    /** One server of an upstream. */
    public record Watched(UpstreamKey upstream, ServerAddress server) {}

    private static final class State {
        private final Transport transport;
        private @Nullable String refusal;

        State(Transport transport) {
            this.transport = transport;
        }
    }

    /** Looks at just these servers of a PoolerCluster from now on: at once at those that are new. */
    public void want(String clusterUid, Map<Watched, Transport> wanted) {
        var fresh = new HashMap<Watched, State>();
        synchronized (servers) {
            servers.keySet()
                    .removeIf(watched ->
                            watched.upstream().clusterUid().equals(clusterUid) && !wanted.containsKey(watched));
            wanted.forEach((watched, transport) -> {
                var before = servers.get(watched);
                if (before == null || !before.transport.equals(transport)) {
                    var state = new State(transport);
                    servers.put(watched, state);
                    fresh.put(watched, state);
                }
            });
        }
        fresh.forEach(this::look);
    }

    /** Looks at no server of the PoolerCluster any more. */
    public void forget(String clusterUid) {
        want(clusterUid, Map.of());
    }

    /** Why servers of a PoolerCluster are not believed, by the name of their upstream. */
    public SortedMap<String, String> refused(String clusterUid) {
        var refused = new TreeMap<String, String>();
        synchronized (servers) {
            servers.forEach((watched, state) -> {
                if (watched.upstream().clusterUid().equals(clusterUid) && state.refusal != null) {
                    refused.merge(
                            watched.upstream().upstream(),
                            state.refusal,
                            (one, other) -> one.compareTo(other) < 0 ? one : other); // the same each time
                }
            });
        }
        return refused;
    }

    private void look(Watched watched, State state) {
        synchronized (servers) {
            if (servers.get(watched) != state) {
                return;
            }
        }
        probe.apply(watched.server(), state.transport)
                .whenComplete((refusal, failure) ->
                        seen(watched, state, failure == null ? refusal.orElse(null) : state.refusal));
    }

    private void seen(Watched watched, State state, @Nullable String refusal) {
        boolean news;
        synchronized (servers) {
            if (servers.get(watched) != state) {
                return;
            }
            news = !Objects.equals(state.refusal, refusal);
            state.refusal = refusal;
        }
        timer.after(refusal == null ? PERIOD : AFTER_REFUSAL, () -> look(watched, state));
        if (news) {
            listener.accept(watched.upstream());
        }
    }

    @Override
    public void close() {
        synchronized (servers) {
            servers.clear();
        }
    }
}
