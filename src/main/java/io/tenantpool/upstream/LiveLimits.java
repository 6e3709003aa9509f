package io.tenantpool.upstream;

import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Told;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The newest answer of each server that is to be asked. Its methods may be called on any thread and never wait. A server
 * that is down keeps the answer that it gave last.
 */
public final class LiveLimits implements AutoCloseable {
    static final Duration PERIOD = Duration.ofMinutes(1);
    static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    /** A PoolerCluster that is gone says no goodbye. One that exists is looked at every 5 minutes. */
    static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    private static final Logger LOG = Logger.getLogger(LiveLimits.class);

    private final Function<Server, CompletionStage<Answer>> query;
    private final Timer timer;
    private final Clock clock;
    private final Consumer<UpstreamKey> listener;
    private final Map<UpstreamKey, Asked> servers = new HashMap<>();

    LiveLimits(
            Function<Server, CompletionStage<Answer>> query, Timer timer, Clock clock, Consumer<UpstreamKey> listener) {
        this.query = query;
        this.timer = timer;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Asks real servers.
     *
     * @param timeout for each question
     * @param listener is told when what {@link #known} or {@link #lastError} says has changed, but not when only
     *     {@code inUse} has
     */
    public static LiveLimits on(Vertx vertx, Duration timeout, Clock clock, Consumer<UpstreamKey> listener) {
        return new LiveLimits(
                new ServerQuery(vertx, timeout)::ask,
                (delay, task) -> vertx.setTimer(delay.toMillis(), id -> task.run()),
                clock,
                listener);
    }

    /** Runs something later. */
    interface Timer {
        void after(Duration delay, Runnable task);
    }

    private static final class Asked {
        private final Server server;
        private Instant wantedAt;
        private @Nullable ServerSettings settings;
        private @Nullable String error;

        Asked(Server server, Instant wantedAt) {
            this.server = server;
            this.wantedAt = wantedAt;
        }
    }

    /** Asks the server from now on: at once if it, its address, or the credentials are new. To be repeated. */
    public void want(UpstreamKey key, Server server) {
        Asked asked;
        synchronized (servers) {
            var before = servers.get(key);
            if (before != null && before.server.equals(server)) {
                before.wantedAt = clock.instant();
                return;
            }
            asked = new Asked(server, clock.instant());
            if (before != null && before.server.isAt(server)) {
                asked.settings = before.settings; // another password does not change the server
            }
            servers.put(key, asked);
        }
        ask(key, asked);
    }

    /** Drops every server of the PoolerCluster but these. */
    public void retainAll(String clusterUid, Collection<UpstreamKey> wanted) {
        synchronized (servers) {
            servers.keySet().removeIf(key -> key.clusterUid().equals(clusterUid) && !wanted.contains(key));
        }
    }

    /** Asks no server of the PoolerCluster any more. */
    public void forget(String clusterUid) {
        retainAll(clusterUid, List.of());
    }

    /** The last answer; empty before the first. */
    public Optional<ServerSettings> known(UpstreamKey key) {
        synchronized (servers) {
            return Optional.ofNullable(servers.get(key)).map(asked -> asked.settings);
        }
    }

    /** Why the server did not answer when it was asked last, in words without a secret; empty when it did. */
    public Optional<String> lastError(UpstreamKey key) {
        synchronized (servers) {
            return Optional.ofNullable(servers.get(key)).map(asked -> asked.error);
        }
    }

    private void ask(UpstreamKey key, Asked asked) {
        synchronized (servers) {
            if (servers.get(key) != asked) {
                return; // dropped, or replaced by one that is asked by itself
            }
            if (asked.wantedAt.plus(FORGOTTEN_AFTER).isBefore(clock.instant())) {
                servers.remove(key);
                return;
            }
        }
        question(asked.server)
                .whenComplete((answer, failure) -> answered(key, asked, failure == null ? answer : failed(failure)));
    }

    private CompletionStage<Answer> question(Server server) {
        try {
            return query.apply(server);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // or the server would never be asked again
        }
    }

    private static Answer failed(Throwable failure) {
        // Not its message, which may hold what was to be sent.
        LOG.errorf("PostgreSQL could not be asked: %s", failure.getClass().getName());
        return new Failed(Answer.Problem.OTHER, "the operator could not ask PostgreSQL; its log says why");
    }

    private void answered(UpstreamKey key, Asked asked, Answer answer) {
        boolean news;
        synchronized (servers) {
            if (servers.get(key) != asked) {
                return;
            }
            news = take(asked, answer);
        }
        timer.after(answer instanceof Told ? PERIOD : AFTER_FAILURE, () -> ask(key, asked));
        if (news) {
            listener.accept(key);
        }
    }

    private static boolean take(Asked asked, Answer answer) {
        var settings = asked.settings;
        var error = asked.error;
        if (answer instanceof Told told) {
            asked.settings = told.settings();
            asked.error = null;
        } else if (answer instanceof Failed failed) {
            asked.error = failed.words();
        }
        return !Objects.equals(limit(settings), limit(asked.settings)) || !Objects.equals(error, asked.error);
    }

    private static @Nullable Integer limit(@Nullable ServerSettings settings) {
        return settings == null ? null : settings.available();
    }

    @Override
    public void close() {
        synchronized (servers) {
            servers.clear();
        }
    }
}
