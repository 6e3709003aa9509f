package io.tenantpool.controller;

import io.tenantpool.model.PoolerId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bytes per second, of all poolers together, and a short pause between two writes of one pooler, in which changes that
 * come together are gathered. A write is allowed as long as nothing is owed, so the first one goes at once whatever its
 * size, and a large one makes the next ones wait. Half a second is saved up while nobody writes, so that a change of a
 * tenant goes to both of its doors at once.
 */
final class WriteBudget {
    /** Pods need about this long to take a change; a quicker stream of changes would only make them chase it. */
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(250);

    private static final Duration SAVED = Duration.ofMillis(500);

    private final Clock clock;
    private final long bytesPerSecond;
    private final Map<PoolerId, Instant> next = new ConcurrentHashMap<>();
    private Instant free = Instant.MIN;

    WriteBudget(Clock clock, long bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** @return zero when the pooler's Secret may be written now, else how long to wait */
    synchronized Duration wait(PoolerId id) {
        var now = clock.instant();
        var own = next.getOrDefault(id, Instant.MIN);
        var due = own.isAfter(free) ? own : free;
        return due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO;
    }

    /** Counts a write that succeeded. */
    synchronized void spend(PoolerId id, long bytes) {
        var now = clock.instant();
        var saved = now.minus(SAVED);
        free = (free.isBefore(saved) ? saved : free).plus(Duration.ofMillis(bytes * 1000 / bytesPerSecond));
        next.put(id, now.plus(BETWEEN_WRITES));
    }
}
