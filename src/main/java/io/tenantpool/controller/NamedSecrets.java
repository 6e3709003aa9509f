package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tenantpool.resource.PoolerSecret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads Secrets that PoolerClusters name. They need no label and so are in no cache, and no event tells that they
 * changed; each is read again when its time has come.
 */
final class NamedSecrets {
    /** Long after a PoolerCluster that exists would have asked again. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    private static final int FORBIDDEN = 403;

    private final KubernetesClient client;
    private final Clock clock;
    private final Duration every;
    private final Duration afterTrouble;
    private final Map<Ref, Read> reads = new ConcurrentHashMap<>();

    /**
     * @param every how often a Secret is read that is there
     * @param afterTrouble how soon one is read again that was not
     */
    NamedSecrets(KubernetesClient client, Clock clock, Duration every, Duration afterTrouble) {
        this.client = client;
        this.clock = clock;
        this.every = every;
        this.afterTrouble = afterTrouble;
    }

    /**
     * Who names which entries of which Secret. A PoolerCluster that came after another of its name reads anew.
     *
     * @param keys all that are wanted, in words for people in {@code needs}
     */
    record Ref(String clusterUid, String namespace, String name, Set<String> keys, String needs) {
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /**
     * What a Secret held.
     *
     * @param again when it may be read again
     * @param data those of the wanted entries that are there, decoded; null when there is no Secret
     * @param trouble why it could not be read, and what to do about it; it may be set beside what was read before
     */
    record Read(
            Instant again,
            @Nullable Map<String, String> data,
            @Nullable String trouble) {}

    /** Reads the Secret, or tells what was read a moment ago. */
    Read read(Ref ref) {
        var now = clock.instant();
        reads.values().removeIf(read -> read.again().plus(FORGOTTEN_AFTER).isBefore(now));
        var before = reads.get(ref);
        if (before != null && now.isBefore(before.again())) {
            return before;
        }
        var read = live(ref, before, now);
        reads.put(ref, read);
        return read;
    }

    void forget(String clusterUid) {
        reads.keySet().removeIf(ref -> ref.clusterUid().equals(clusterUid));
    }

    private Read live(Ref ref, @Nullable Read before, Instant now) {
        try {
            var secret = client.secrets()
                    .inNamespace(ref.namespace())
                    .withName(ref.name())
                    .get();
            if (secret == null) {
                return new Read(
                        now.plus(afterTrouble),
                        null,
                        "there is no Secret '%s' in namespace %s; create it with %s"
                                .formatted(ref.name(), ref.namespace(), ref.needs()));
            }
            return new Read(now.plus(every), PoolerSecret.entries(secret, ref.keys()), null);
        } catch (KubernetesClientException e) {
            // It says nothing about the Secret, so what was read before holds.
            var trouble = e.getCode() == FORBIDDEN
                    ? "the operator may not get Secret %s; allow its ServiceAccount to".formatted(ref)
                    : "Secret %s could not be read (%s); it is tried again by itself"
                            .formatted(ref, e.getCode() <= 0 ? "no answer" : "HTTP " + e.getCode());
            return new Read(now.plus(afterTrouble), before == null ? null : before.data(), trouble);
        }
    }
}
