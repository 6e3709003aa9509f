package io.tenantpool.delivery;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Watches pools that shrink or empty: what they give back may be given to others when every pod has let go of it, and a
 * drained tenant may leave when its last client has. Confined to the delivery loop.
 */
final class PoolWatch {
    private static final Duration OFTEN = Duration.ofSeconds(1);

    private final PoolerPods pods;
    private final Reader reader;
    private final Map<String, Wanted.Pool> pools = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<String> empty = new HashSet<>();
    private final Set<String> reconnected = new HashSet<>();
    private long number;
    private @Nullable Instant reached;
    private boolean reading;

    PoolWatch(PoolerPods pods, Reader reader) {
        this.pods = pods;
        this.reader = reader;
    }

    /** What the watch needs of the pooler it belongs to. */
    interface Reader {
        Instant now();

        /** Completes on the delivery loop. */
        CompletionStage<PoolReading> read(Duration maxAge);

        /** Has the server connections of a pool replaced when no client uses them, so that a smaller pool shrinks. */
        void reconnect(PodView pod, String poolName);
    }

    /** @param newNumber of the revision that holds the pools */
    void want(List<Wanted.Pool> newer, long newNumber) {
        if (number != newNumber) {
            number = newNumber;
            reached = null;
        }
        var before = Map.copyOf(pools);
        pools.clear();
        newer.stream()
                .filter(pool -> pool.lowered() || pool.draining())
                .forEach(pool -> pools.put(pool.tenantUid(), pool));
        Predicate<String> changed = uid -> {
            var now = pools.get(uid);
            var then = before.get(uid);
            return now == null
                    || then == null
                    || now.share() != then.share()
                    || now.lowered() != then.lowered()
                    || now.draining() != then.draining();
        };
        settled.removeIf(changed);
        empty.removeIf(changed);
        reconnected.removeIf(key -> changed.test(key.substring(key.indexOf('/') + 1)));
    }

    /** UIDs of tenants whose lowered pool holds no more connections than it may, on every pod. */
    Set<String> settled() {
        return Set.copyOf(settled);
    }

    /** UIDs of drained tenants without a client. */
    Set<String> empty() {
        return Set.copyOf(empty);
    }

    void tick() {
        if (reading || pools.values().stream().noneMatch(this::isPending)) {
            return;
        }
        if (pods.slowest() < number) {
            reached = null;
            return;
        }
        if (reached == null) {
            reached = reader.now();
        }
        pools.values().stream()
                .filter(pool -> pool.lowered() && isPending(pool))
                .forEach(this::shrink);
        reading = true;
        var asked = number;
        reader.read(OFTEN).whenComplete((result, failure) -> {
            reading = false;
            if (failure == null && asked == number && isComplete(result)) {
                pools.values().stream().filter(this::isPending).forEach(pool -> judge(pool, result));
            }
        });
    }

    /** Whether all pods answered, and after they had the content: one that is shared with others may be older. */
    private boolean isComplete(PoolReading result) {
        return reached != null && !result.at().isBefore(reached) && result.podsRead() == result.podsAsked();
    }

    private boolean isPending(Wanted.Pool pool) {
        return pool.lowered() && !settled.contains(pool.tenantUid())
                || pool.draining() && !empty.contains(pool.tenantUid());
    }

    private void shrink(Wanted.Pool pool) {
        for (var pod : pods.views()) {
            if (pod.reachable() && reconnected.add(pod.uid() + "/" + pool.tenantUid())) {
                reader.reconnect(pod, pool.poolName());
            }
        }
    }

    private void judge(Wanted.Pool pool, PoolReading result) {
        var usages = result.pods().values().stream()
                .map(pod -> pod.getOrDefault(pool.poolName(), PoolUsage.NONE))
                .toList();
        // A pod that stops reads no files any more: it holds what it had until it is gone.
        if (pool.lowered()
                && !pods.anyTerminating()
                && usages.stream().allMatch(usage -> usage.servers() <= pool.share())) {
            settled.add(pool.tenantUid());
        }
        if (pool.draining() && usages.stream().allMatch(usage -> usage.clients() == 0)) {
            empty.add(pool.tenantUid());
        }
    }
}
