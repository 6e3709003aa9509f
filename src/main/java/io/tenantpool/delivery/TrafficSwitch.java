package io.tenantpool.delivery;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets the Service send clients to a pod, or not; one change at a time. Confined to the delivery loop. */
final class TrafficSwitch {
    private static final Logger LOG = Logger.getLogger(TrafficSwitch.class);

    private final PodSurroundings around;
    private @Nullable Boolean going;

    TrafficSwitch(PodSurroundings around) {
        this.around = around;
    }

    /** Whether a change to {@code on} is on its way. */
    boolean isGoing(boolean on) {
        return going != null && going == on;
    }

    void set(PodView pod, boolean on) {
        if (going != null || pod.trafficOn() == on) {
            return;
        }
        going = on;
        LOG.infof(
                "%s pooler pod %s/%s: it is %s",
                on ? "Traffic to" : "No traffic to",
                pod.namespace(),
                pod.name(),
                on ? "up to date" : "behind and can't be reached");
        around.api().traffic(pod, on).whenComplete((done, failure) -> around.loop()
                .execute(() -> {
                    going = null;
                    if (failure != null) {
                        LOG.debugf(failure, "Pod %s/%s was not relabelled", pod.namespace(), pod.name());
                    }
                }));
    }
}
