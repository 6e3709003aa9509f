package io.tenantpool.delivery;

import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The id by which other pods pass on a request to cancel a query. It is given once, before the pod is ready: clients that
 * came before it could never cancel anything, so a pod that missed it stays without (docs/adr/0012-peers.md). Confined to
 * the delivery loop.
 */
final class PeerId {
    private static final Logger LOG = Logger.getLogger(PeerId.class);
    private static final int UNKNOWN = -1;
    private static final int NONE = 0;

    private final PodSurroundings around;
    private int given = NONE;
    private int shown = UNKNOWN;
    private boolean missed;

    PeerId(PodSurroundings around) {
        this.around = around;
    }

    /** Gives the pod an id if it has none and no client can have come. */
    void give(PodView pod) {
        if (given != NONE || missed || written(pod) != NONE || pod.ready() || pod.terminating()) {
            return;
        }
        given = around.freePeerId(pod);
        around.api().perPod(pod, around.dialect().peerPrefix() + given).whenComplete((done, failure) -> around.loop()
                .execute(() -> {
                    if (failure != null) {
                        LOG.debugf(failure, "Pod %s/%s got no peer id yet", pod.namespace(), pod.name());
                        given = NONE;
                    }
                }));
    }

    /** An id that comes after the first clients would keep them from cancelling anything. */
    private void withdraw(PodView pod) {
        if (!missed && pod.ready() && shown == NONE && number(pod) != NONE) {
            missed = true;
            LOG.infof("Pod %s/%s was ready before its peer id: it stays without", pod.namespace(), pod.name());
            around.api().perPod(pod, "").whenComplete((done, failure) -> around.loop()
                    .execute(() -> missed = failure == null));
        }
    }

    /** The id that the pod has or is about to get; 0 for none. */
    int number(PodView pod) {
        if (missed) {
            return NONE;
        }
        var written = written(pod);
        return written == NONE ? given : written;
    }

    private int written(PodView pod) {
        var text = pod.perPod();
        var prefix = around.dialect().peerPrefix();
        if (text == null || !text.startsWith(prefix)) {
            return NONE;
        }
        try {
            return Integer.parseInt(text.substring(prefix.length()).trim());
        } catch (NumberFormatException e) {
            return NONE; // somebody else wrote it
        }
    }

    /** Another process has to be asked again. */
    void restarted() {
        shown = UNKNOWN;
        missed = false;
    }

    void shown(PodView pod, int peerId) {
        shown = peerId;
        withdraw(pod);
    }

    /** Whether the pod has to RELOAD for its id before clients come. */
    boolean isAwaited(PodView pod, Duration age) {
        return !pod.ready() && age.compareTo(PoolerPods.JOINING) < 0 && number(pod) != NONE && shown != number(pod);
    }

    /** The id that the pod's process was seen to have. */
    Optional<Integer> confirmed(PodView pod) {
        return shown > NONE && !missed && shown == written(pod) ? Optional.of(shown) : Optional.empty();
    }
}
