package io.tenantpool.delivery;

import io.tenantpool.model.Login;
import io.tenantpool.model.Progress;
import io.tenantpool.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far the proof of one tenant's content has come. Confined to the delivery loop. */
final class TenantProof {
    private static final Duration NEW = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofMillis(1500);
    private static final Duration SLOWEST_DATABASE = Duration.ofSeconds(4);
    private static final Duration SLOWEST = Duration.ofSeconds(30);

    final Wanted.Target target;
    /** The first revision number that holds this content. */
    final long since;

    final Set<String> provenPods = new HashSet<>();
    final Set<String> inFlight = new HashSet<>();
    private final Instant started;
    boolean serviceProven;
    boolean done;
    private int attempts;
    private Instant notBefore = Instant.MIN;
    private Progress.@Nullable Failure failure;

    TenantProof(Wanted.Target target, long since, Instant started, boolean done) {
        this.target = target;
        this.since = since;
        this.started = started;
        this.done = done;
    }

    Progress.@Nullable Failure failure() {
        return failure;
    }

    boolean due(Instant now) {
        // Until one login worked there is one at a time: a tenant whose logins hang takes one place, not many.
        return !done && !now.isBefore(notBefore) && (!provenPods.isEmpty() && failure == null || inFlight.isEmpty());
    }

    /** Whether the tenant failed before: then one login at a time finds out whether it still does. */
    boolean retrying() {
        return failure != null;
    }

    /** @return how long to wait before the next try */
    Duration failed(Role role, String through, Prover.Result result, Instant now) {
        failure = new Progress.Failure(result.login(), role.name(), through, result.detail());
        attempts++;
        var pause = SOON;
        if (Duration.between(started, now).compareTo(NEW) > 0) {
            // A database may be created at any time and has to work soon after; the rest is rarer.
            var slowest = result.login() == Login.DATABASE_NOT_FOUND ? SLOWEST_DATABASE : SLOWEST;
            pause = Duration.ofMillis(Math.min(slowest.toMillis(), SOON.toMillis() << Math.min(attempts / 8, 5)));
        }
        notBefore = now.plus(pause);
        return pause;
    }

    void succeeded() {
        failure = null;
        attempts = 0;
    }
}
