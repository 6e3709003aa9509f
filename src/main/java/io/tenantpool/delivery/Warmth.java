package io.tenantpool.delivery;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolUsage;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Keeps pools warm that ask for it. PgBouncer fills a pool up to {@code min_pool_size} only while a client is connected,
 * one connection each third of a second, and keeps what is there afterwards (measured, docs/pgbouncer.md): so a client of
 * ours stays connected for as long as that takes, once on each pod. Confined to the delivery loop.
 */
final class Warmth {
    private static final Duration CHECK = Duration.ofSeconds(10);
    private static final Duration PER_CONNECTION = Duration.ofMillis(350);
    private static final Duration SETTLE = Duration.ofMillis(600);
    private static final int AT_A_TIME = 4;

    private final PoolerPods pods;
    private final Holder holder;
    private final Set<String> holding = new HashSet<>();
    private final Set<String> tried = new HashSet<>();
    private List<Wanted.Pool> pools = List.of();
    private Instant next = Instant.MIN;
    private boolean reading;

    Warmth(PoolerPods pods, Holder holder) {
        this.pods = pods;
        this.holder = holder;
    }

    /** What warming needs of the pooler it belongs to. */
    interface Holder {
        Instant now();

        /** Whether a tenant was proven: who can't log in can't be warmed. */
        boolean isProven(String tenantUid);

        /** Completes on the delivery loop. */
        CompletionStage<PoolReading> read(Duration maxAge);

        /** Logs in, stays for {@code time} and leaves; completes on the delivery loop. */
        Future<Void> hold(PodView pod, Wanted.Pool pool, Duration time);
    }

    void want(List<Wanted.Pool> newer) {
        pools = newer.stream()
                .filter(pool -> pool.minIdle() > 0 && !pool.draining())
                .toList();
    }

    /** Something changed that can leave a pool cold: a proof, a pod. */
    void soon() {
        next = Instant.MIN;
    }

    void tick() {
        var now = holder.now();
        if (reading || now.isBefore(next) || pools.stream().noneMatch(pool -> holder.isProven(pool.tenantUid()))) {
            return;
        }
        next = now.plus(CHECK);
        reading = true;
        holder.read(Duration.ofSeconds(1)).whenComplete((result, failure) -> {
            reading = false;
            if (failure == null) {
                warm(result);
            }
        });
    }

    private void warm(PoolReading result) {
        var waits = false;
        for (var link : pods.counted()) {
            var usages = result.pods().get(link.view().name());
            for (var pool : pools) {
                var usage = usages == null ? null : usages.getOrDefault(pool.poolName(), PoolUsage.NONE);
                if (usage != null && usage.servers() < pool.minIdle() && holder.isProven(pool.tenantUid())) {
                    waits |= !hold(link.view(), pool);
                }
            }
        }
        if (waits) {
            soon();
        } else {
            tried.clear();
        }
    }

    /** Each once before any is tried again: some can't be warmed, because their database is down. */
    private boolean hold(PodView pod, Wanted.Pool pool) {
        var key = pod.uid() + "/" + pool.tenantUid();
        if (holding.contains(key) || tried.contains(key)) {
            return true;
        }
        if (holding.size() >= AT_A_TIME) {
            return false;
        }
        holding.add(key);
        tried.add(key);
        var time = PER_CONNECTION.multipliedBy(pool.minIdle()).plus(SETTLE);
        holder.hold(pod, pool, time).onComplete(done -> holding.remove(key));
        return true;
    }
}
