package io.tenantpool.model;

import java.time.Duration;
import java.time.Instant;

/**
 * When the processes of a pooler forget roles that were removed. A process forgets a role only by ending, so that every
 * pod is replaced for it (docs/adr/0016-forgetting-removed-roles.md).
 *
 * @param since when the oldest of the removed roles came into the user list, in seconds since 1970; 0 when there is none
 * @param last when removed roles were last left out of it, in seconds since 1970; 0 for never. Pods that were made for an
 *     earlier time are replaced
 */
public record Forgetting(long since, long last) {
    public static final Forgetting NEVER = new Forgetting(0, 0);

    /**
     * How long removed roles may stay.
     *
     * @param most how many of them, 1..100000
     * @param age for how long, 1 h..365 d
     * @param pause the least time between two replacements of a pooler's pods, 1 min..7 d
     */
    public record Policy(int most, Duration age, Duration pause) {}

    /** @param removed how many roles could be forgotten */
    public boolean isDue(int removed, Instant now, Policy policy) {
        var tooMany = removed > policy.most();
        var tooOld = since > 0 && !now.isBefore(Instant.ofEpochSecond(since).plus(policy.age()));
        var rested = !now.isBefore(Instant.ofEpochSecond(last).plus(policy.pause()));
        return removed > 0 && rested && (tooMany || tooOld);
    }

    /** @param removed whether there is a role to be forgotten some day */
    Forgetting with(boolean removed, Instant now) {
        if (!removed) {
            return new Forgetting(0, last);
        }
        return since > 0 ? this : new Forgetting(now.getEpochSecond(), last);
    }

    /** They are forgotten now. */
    Forgetting done(Instant now) {
        return new Forgetting(0, now.getEpochSecond());
    }
}
