package io.tenantpool.delivery;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Bounds the proofs at a time to one PostgreSQL server. Tenants that failed before wait in a queue of their own that
 * gets at most half of the places, so that they hold up nobody who is new. Confined to the delivery loop.
 */
final class ProofLane {
    private final DeliveryLoop loop;
    private final int places;
    private final Deque<Supplier<Future<?>>> fresh = new ArrayDeque<>();
    private final Queue<Supplier<Future<?>>> retries = new ArrayDeque<>();
    private int running;
    private int retrying;

    ProofLane(DeliveryLoop loop, int places) {
        this.loop = loop;
        this.places = places;
    }

    /**
     * Queues a proof.
     *
     * @param last whether it is the last one of its tenant: those go first, or in a burst everybody would be ready only
     *     at its end
     * @param proof starts the proof; its future is done when the place is free again
     */
    void submit(boolean retry, boolean last, Supplier<Future<?>> proof) {
        if (retry) {
            retries.add(proof);
        } else if (last) {
            fresh.addFirst(proof);
        } else {
            fresh.add(proof);
        }
        drain();
    }

    private void drain() {
        while (running < places) {
            var proof = fresh.poll();
            var retry = proof == null;
            if (retry) {
                if (retrying >= Math.max(1, places / 2)) {
                    return;
                }
                proof = retries.poll();
            }
            if (proof == null) {
                return;
            }
            start(proof, retry);
        }
    }

    private void start(Supplier<Future<?>> proof, boolean retry) {
        running++;
        retrying += retry ? 1 : 0;
        started(proof)
                .onComplete(done -> loop.execute(() -> {
                    running--;
                    retrying -= retry ? 1 : 0;
                    drain();
                }));
    }

    private static Future<?> started(Supplier<Future<?>> proof) {
        try {
            return proof.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e); // the place must come back whatever happens
        }
    }
}
