package io.tenantpool.upstream;

import io.tenantpool.model.PasswordAnswer;
import io.tenantpool.model.Secret;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Passwords that are about to replace one that is served, and what PostgreSQL says of them. One that it does not know is
 * tried again and again, since it may be told later. Its methods may be called on any thread and never wait.
 */
public final class PasswordChecks implements AutoCloseable {
    /** Soon enough that whoever changes the role after the Secret is followed within two seconds. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    /** One that is wrong for this long was not forgotten for a moment, and fills the log of the server. */
    static final Duration EAGER = Duration.ofMinutes(10);

    static final Duration LATER = Duration.ofSeconds(10);

    /** A server that restarts is back by then; one that the operator may not reach would hold up every rotation. */
    static final int TRIES_WITHOUT_ANSWER = 3;

    /** Logins at a time to one server; the proofs have as many again. */
    static final int AT_ONCE = 4;

    private final BiFunction<Server, String, CompletionStage<PasswordAnswer>> login;
    private final LiveLimits.Timer timer;
    private final Clock clock;
    private final Consumer<UpstreamKey> listener;
    private final Map<Question, State> questions = new HashMap<>();
    private final Map<ServerAddress, Lane> lanes = new HashMap<>();
    private final Set<UpstreamKey> silent = new HashSet<>();

    PasswordChecks(
            BiFunction<Server, String, CompletionStage<PasswordAnswer>> login,
            LiveLimits.Timer timer,
            Clock clock,
            Consumer<UpstreamKey> listener) {
        this.login = login;
        this.timer = timer;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Asks real servers.
     *
     * @param timeout for each login
     * @param listener is told when there is another answer
     */
    public static PasswordChecks on(Vertx vertx, Duration timeout, Clock clock, Consumer<UpstreamKey> listener) {
        return new PasswordChecks(
                new PasswordLogin(vertx, timeout)::ask,
                (delay, task) -> vertx.setTimer(delay.toMillis(), id -> task.run()),
                clock,
                listener);
    }

    /** A password, and the server that has to know it. The database does not matter to it. */
    public record Question(UpstreamKey upstream, ServerAddress server, String role, Secret password) {}

    private static final class State {
        private final Transport tls;
        private final String database;
        private final Instant since;
        private PasswordAnswer answer = PasswordAnswer.PENDING;
        private int withoutAnswer;

        State(Transport tls, String database, Instant since) {
            this.tls = tls;
            this.database = database;
            this.since = since;
        }
    }

    private static final class Lane {
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private int running;
    }

    /** The last answer; a question that is new is asked. */
    public PasswordAnswer ask(Question question, Transport tls, String database) {
        State state;
        synchronized (questions) {
            var known = questions.get(question);
            if (known != null && known.tls.equals(tls)) {
                return known.answer;
            }
            state = new State(tls, database, clock.instant());
            if (known != null) {
                state.answer = known.answer; // until the server has been asked the new way
            }
            questions.put(question, state);
        }
        queue(question, state);
        synchronized (questions) {
            return state.answer;
        }
    }

    /** Drops every question of the PoolerCluster but these. */
    public void retainAll(String clusterUid, Collection<Question> wanted) {
        synchronized (questions) {
            questions
                    .keySet()
                    .removeIf(question ->
                            question.upstream().clusterUid().equals(clusterUid) && !wanted.contains(question));
        }
    }

    /** Drops all that is known of a PoolerCluster. */
    public void forget(String clusterUid) {
        retainAll(clusterUid, List.of());
        synchronized (questions) {
            silent.removeIf(upstream -> upstream.clusterUid().equals(clusterUid));
        }
    }

    /** Upstreams of a PoolerCluster whose server could not be asked when it was to be asked last. */
    public SortedSet<String> unchecked(String clusterUid) {
        var upstreams = new TreeSet<String>();
        synchronized (questions) {
            silent.stream()
                    .filter(upstream -> upstream.clusterUid().equals(clusterUid))
                    .forEach(upstream -> upstreams.add(upstream.upstream()));
        }
        return upstreams;
    }

    private void queue(Question question, State state) {
        synchronized (questions) {
            lanes.computeIfAbsent(question.server(), server -> new Lane())
                    .waiting
                    .add(() -> start(question, state));
        }
        next(question.server());
    }

    private void next(ServerAddress server) {
        var due = new ArrayList<Runnable>();
        synchronized (questions) {
            var lane = lanes.get(server);
            while (lane != null && lane.running < AT_ONCE && !lane.waiting.isEmpty()) {
                lane.running++;
                due.add(lane.waiting.remove());
            }
            if (lane != null && lane.running == 0) {
                lanes.remove(server);
            }
        }
        due.forEach(Runnable::run);
    }

    private void start(Question question, State state) {
        if (!isWanted(question, state)) {
            ended(question.server());
            return;
        }
        var server = question.server();
        login.apply(
                        new Server(server.host(), server.port(), question.role(), question.password(), state.tls),
                        state.database)
                .whenComplete((answer, failure) -> {
                    ended(server);
                    answered(question, state, failure == null ? answer : PasswordAnswer.UNCHECKED);
                });
    }

    private boolean isWanted(Question question, State state) {
        synchronized (questions) {
            return questions.get(question) == state;
        }
    }

    private void ended(ServerAddress server) {
        synchronized (questions) {
            var lane = lanes.get(server);
            if (lane != null) {
                lane.running--;
            }
        }
        next(server);
    }

    private void answered(Question question, State state, PasswordAnswer answer) {
        boolean news;
        synchronized (questions) {
            if (questions.get(question) != state) {
                return;
            }
            var before = state.answer;
            take(question, state, answer);
            news = before != state.answer;
        }
        if (state.answer == PasswordAnswer.PENDING || state.answer == PasswordAnswer.REJECTED) {
            timer.after(pause(state), () -> queue(question, state));
        }
        if (news) {
            listener.accept(question.upstream());
        }
    }

    private void take(Question question, State state, PasswordAnswer answer) {
        if (answer == PasswordAnswer.ACCEPTED || answer == PasswordAnswer.REJECTED) {
            silent.remove(question.upstream());
            state.withoutAnswer = 0;
            state.answer = answer;
        } else if (state.answer == PasswordAnswer.PENDING) {
            state.withoutAnswer++;
            // Whoever could not be asked the last time need not be waited for again.
            if (state.withoutAnswer >= TRIES_WITHOUT_ANSWER || silent.contains(question.upstream())) {
                silent.add(question.upstream());
                state.answer = PasswordAnswer.UNCHECKED;
            }
        }
    }

    private Duration pause(State state) {
        return state.since.plus(EAGER).isAfter(clock.instant()) ? AGAIN : LATER;
    }

    @Override
    public void close() {
        synchronized (questions) {
            questions.clear();
            lanes.clear();
        }
    }
}
