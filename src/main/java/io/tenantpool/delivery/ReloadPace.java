package io.tenantpool.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * When a pod is told to RELOAD. RELOAD stops the pooler's only thread, so it may take a small part of the pod's time; but
 * a single change is followed closely, from saved-up time, beginning shortly before the kubelet usually delivers the
 * files. Confined to the delivery loop.
 */
final class ReloadPace {
    /** Time for RELOADs that may be saved up. */
    private static final Duration SAVED = Duration.ofMillis(150);

    private static final Duration FIRST = Duration.ofMillis(60);
    private static final Duration LATEST_FIRST = Duration.ofMillis(600);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    /** The part of the usual delay after which the first look is taken; looks that come too early cost RELOADs. */
    private static final double EARLY = 0.85;
    /** Weight of the newest observation. */
    private static final double NEWEST = 0.3;

    private final PodSurroundings around;
    private double savedNanos = SAVED.toNanos();
    private Instant refilledAt;
    private double usualNanos;

    ReloadPace(PodSurroundings around) {
        this.around = around;
        refilledAt = around.clock().instant();
    }

    /** How long after a kick the first RELOAD is due. */
    Duration afterKick() {
        var usual = Duration.ofNanos((long) (usualNanos * EARLY));
        return usual.compareTo(FIRST) < 0 ? FIRST : shorter(usual, LATEST_FIRST);
    }

    /** A kick was followed by the wanted revision after {@code delay}. */
    void delivered(Duration delay) {
        usualNanos = usualNanos == 0 ? delay.toNanos() : usualNanos * (1 - NEWEST) + delay.toNanos() * NEWEST;
    }

    /** How long to wait after a RELOAD that took {@code took}. */
    Duration after(Duration took) {
        var share = around.settings().reloadShare();
        var now = around.clock().instant();
        var earned = Duration.between(refilledAt, now).toNanos() * share;
        refilledAt = now;
        savedNanos = Math.min(SAVED.toNanos(), savedNanos + earned) - took.toNanos();
        var poll = around.settings().pollInterval();
        if (savedNanos >= 0) {
            return poll;
        }
        var debt = Duration.ofNanos((long) (-savedNanos / share));
        return shorter(debt.compareTo(poll) < 0 ? poll : debt, LONGEST);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
