package io.tenantpool.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what the demo shows next, and fails with words. */
final class Waiting {
    private Waiting() {}

    /** Waits until this holds; if it never does, the failure says what was seen instead. */
    static void until(Duration timeout, String what, Callable<Boolean> condition, Supplier<String> seen) {
        Instant deadline = Instant.now().plus(timeout);
        while (Instant.now().isBefore(deadline)) {
            try {
                if (condition.call()) {
                    return;
                }
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted while waiting for " + what);
            } catch (Exception e) {
                throw new DemoFailure(what + ": " + e.getMessage());
            }
        }
        throw new DemoFailure(what + " did not happen within " + timeout.toSeconds() + " s; " + seen.get());
    }
}
