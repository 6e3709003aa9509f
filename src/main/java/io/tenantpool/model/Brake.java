package io.tenantpool.model;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a server is so full that idle connections have to be let go quickly. Who promises more connections than there
 * are counts on few being busy at once; idle ones that linger would fill the server all the same.
 *
 * @param since when it was switched last
 */
public record Brake(boolean on, Instant since) {
    /** Percent of {@code max} from which on the brake is on. */
    public static final int ON_PERCENT = 85;

    /** Percent below which it is released; far enough below that letting connections go does not release it at once. */
    static final int OFF_PERCENT = 70;

    /** It stays on for as long, because connections that were let go come back when they are needed. */
    static final Duration AT_LEAST = Duration.ofSeconds(60);

    /** @param open server connections of all poolers together */
    public Brake next(int open, int max, Instant now) {
        if (!on) {
            return isAbove(open, max) ? new Brake(true, now) : this;
        }
        var longEnough = Duration.between(since, now).compareTo(AT_LEAST) >= 0;
        return longEnough && (long) open * 100 < (long) max * OFF_PERCENT ? new Brake(false, now) : this;
    }

    /** Whether {@code connections} are so many that the brake is on. */
    public static boolean isAbove(int connections, int max) {
        return (long) connections * 100 >= (long) max * ON_PERCENT;
    }
}
