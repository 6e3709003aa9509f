package io.tenantpool.controller;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Bytes per second. A write is allowed as long as nothing is owed, so the first one goes at once whatever its size, and
 * a large one makes the next ones wait.
 */
final class WriteBudget {
    private final Clock clock;
    private final long bytesPerSecond;
    private Instant free = Instant.MIN;

    WriteBudget(Clock clock, long bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** @return zero when the bytes may be written now, else how long to wait */
    synchronized Duration take(long bytes) {
        var now = clock.instant();
        if (free.isAfter(now)) {
            return Duration.between(now, free);
        }
        free = now.plus(Duration.ofMillis(bytes * 1000 / bytesPerSecond));
        return Duration.ZERO;
    }
}
