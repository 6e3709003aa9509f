package io.tenantpool.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pooler pod as the API server knows it.
 *
 * @param ip null until it has one
 * @param port that its container listens on
 * @param startedAt when its container started to run, null while it does not
 * @param ready whether the kubelet found it ready
 * @param trafficOn whether its label lets the Service send clients to it
 * @param perPod what its file that differs from pod to pod holds, null when nothing was written
 */
public record PodView(
        String uid,
        String namespace,
        String name,
        @Nullable String ip,
        int port,
        @Nullable Instant startedAt,
        boolean ready,
        boolean terminating,
        boolean trafficOn,
        @Nullable String perPod) {

    public boolean reachable() {
        return ip != null && startedAt != null && !terminating;
    }
}
