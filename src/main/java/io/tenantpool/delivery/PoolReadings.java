package io.tenantpool.delivery;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolUsage;
import io.tenantpool.model.PoolerId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Asks pods how full their pools are, when somebody wants to know. Sessions last as long as the answer: an open one would
 * keep a pod that shuts down alive. Confined to the delivery loop but for what is said to be not.
 */
final class PoolReadings {
    private static final Logger LOG = Logger.getLogger(PoolReadings.class);

    private final DeliveryLoop loop;
    private final Clock clock;
    private final Sessions sessions;
    private final Map<PoolerId, List<PodView>> pods = new HashMap<>();
    private final Map<PoolerId, Reading> running = new HashMap<>();
    private final Map<PoolerId, Wanted> wanted = new ConcurrentHashMap<>();
    private final Map<PoolerId, PoolReading> last = new ConcurrentHashMap<>();

    PoolReadings(DeliveryLoop loop, Clock clock, Sessions sessions) {
        this.loop = loop;
        this.clock = clock;
        this.sessions = sessions;
    }

    /** A session on the console of one pod. */
    interface Session {
        /** By the pool's name, all users together; without the console's own. */
        Future<Map<String, PoolUsage>> pools();

        void close();
    }

    /** Opens a session; fails when that takes too long. */
    interface Sessions {
        Future<? extends Session> open(PodView pod, Wanted wanted);
    }

    /** A reading that is under way, and who waits for it. */
    private static final class Reading {
        final Instant at;
        final List<CompletableFuture<PoolReading>> answers = new ArrayList<>();

        Reading(Instant at) {
            this.at = at;
        }
    }

    void want(Wanted newer) {
        var before = wanted.put(newer.pooler(), newer);
        if (before != null && !before.clusterUid().equals(newer.clusterUid())) {
            drop(newer.pooler()); // it was about another PoolerCluster, which had this name before
        }
    }

    void podsChanged(PoolerId pooler, Collection<PodView> views) {
        pods.put(pooler, List.copyOf(views));
    }

    void forget(PoolerId pooler) {
        wanted.remove(pooler);
        pods.remove(pooler);
        drop(pooler);
    }

    private void drop(PoolerId pooler) {
        running.remove(pooler); // who waits for it gets it, nobody else does
        last.remove(pooler);
    }

    /** What the pods of a PoolerCluster serve, by pooler. On any thread. */
    Map<PoolerId, List<PoolShare>> shares(String namespace, String cluster) {
        var shares = new HashMap<PoolerId, List<PoolShare>>();
        wanted.forEach((id, served) -> {
            if (id.namespace().equals(namespace) && id.cluster().equals(cluster)) {
                shares.put(
                        id,
                        served.tenants().stream()
                                .map(target -> new PoolShare(target.id(), target.poolName(), target.share()))
                                .toList());
            }
        });
        return shares;
    }

    /** The latest reading, however old. On any thread. */
    Optional<PoolReading> last(PoolerId pooler) {
        return Optional.ofNullable(last.get(pooler));
    }

    /** Never fails, and waits no longer than for the slowest pod's two answers. On any thread. */
    CompletionStage<PoolReading> read(PoolerId pooler, Duration maxAge) {
        var answer = new CompletableFuture<PoolReading>();
        loop.execute(() -> {
            var served = wanted.get(pooler);
            var known = last.get(pooler);
            if (served == null) {
                answer.complete(PoolReading.none(clock.instant()));
            } else if (known != null && isFresh(known, maxAge)) {
                answer.complete(known);
            } else {
                var joined = running.get(pooler);
                if (joined != null) {
                    joined.answers.add(answer);
                } else {
                    start(served, answer);
                }
            }
        });
        return answer;
    }

    /** A reading from the future is a clock that was set back. */
    private boolean isFresh(PoolReading known, Duration maxAge) {
        var age = Duration.between(known.at(), clock.instant());
        return !age.isNegative() && age.compareTo(maxAge) < 0;
    }

    private void start(Wanted served, CompletableFuture<PoolReading> answer) {
        var reading = new Reading(clock.instant());
        reading.answers.add(answer);
        running.put(served.pooler(), reading);
        var answers = new HashMap<PodView, Future<Map<String, PoolUsage>>>();
        for (var pod : pods.getOrDefault(served.pooler(), List.of())) {
            if (pod.reachable()) {
                answers.put(pod, ask(pod, served));
            }
        }
        Future.join(List.copyOf(answers.values()))
                .onComplete(all -> loop.execute(() -> finish(served.pooler(), reading, answers)));
    }

    private void finish(PoolerId pooler, Reading reading, Map<PodView, Future<Map<String, PoolUsage>>> answers) {
        var read = new TreeMap<String, Map<String, PoolUsage>>();
        answers.forEach((pod, answer) -> {
            if (answer.succeeded()) {
                read.put(pod.name(), answer.result());
            } else {
                LOG.debugf(answer.cause(), "Pooler pod %s/%s said nothing of its pools", pod.namespace(), pod.name());
            }
        });
        var result = new PoolReading(reading.at, answers.size(), Collections.unmodifiableMap(read));
        if (running.remove(pooler, reading)) {
            last.put(pooler, result);
        }
        reading.answers.forEach(answer -> answer.complete(result));
    }

    private Future<Map<String, PoolUsage>> ask(PodView pod, Wanted served) {
        try {
            return sessions.open(pod, served).compose(session -> stillReachable(served.pooler(), pod)
                    .compose(yes -> session.pools())
                    .onComplete(done -> session.close()));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** The pod may have begun to shut down while the session was opened. */
    private Future<Void> stillReachable(PoolerId pooler, PodView pod) {
        Promise<Void> promise = Promise.promise();
        loop.execute(() -> {
            var now = pods.getOrDefault(pooler, List.of()).stream()
                    .filter(view -> view.uid().equals(pod.uid()))
                    .anyMatch(PodView::reachable);
            if (now) {
                promise.complete();
            } else {
                promise.fail("it shuts down");
            }
        });
        return promise.future();
    }
}
