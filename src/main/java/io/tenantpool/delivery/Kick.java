package io.tenantpool.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Has a pod's files projected at once: the kubelet looks at a pod again when its object changes. Confined to the delivery
 * loop.
 */
final class Kick {
    private static final Logger LOG = Logger.getLogger(Kick.class);
    /** The kubelet's own copy of the Secret may have lagged behind the first kick. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final PodSurroundings around;
    private String revision = "";
    private Instant at = Instant.MIN;
    private int count;
    private int times;

    Kick(PodSurroundings around) {
        this.around = around;
    }

    /** @return whether the pod was kicked; not when it was for this revision a moment ago */
    boolean send(PodView pod, String wanted) {
        var now = around.clock().instant();
        var due = !revision.equals(wanted) || at.equals(Instant.MIN) || now.isAfter(at.plus(AGAIN));
        if (!around.settings().kick() || !due) {
            return false;
        }
        times = revision.equals(wanted) ? times + 1 : 1;
        revision = wanted;
        at = now;
        count++; // the same value again would be no change, and the kubelet would do nothing
        around.kicked();
        around.api().kick(pod, wanted + "." + count).whenComplete((done, failure) -> around.loop()
                .execute(() -> {
                    if (failure != null) {
                        at = Instant.MIN;
                        LOG.debugf(failure, "Pod %s/%s was not annotated", pod.namespace(), pod.name());
                    }
                }));
        return true;
    }

    /** How long ago the pod was kicked for the first time for this revision; empty when it was not, or more than once. */
    Optional<Duration> sent(String shown) {
        return revision.equals(shown) && times == 1
                ? Optional.of(Duration.between(at, around.clock().instant()))
                : Optional.empty();
    }
}
