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
 * Reads the certificates that PoolerClusters name. They need no label and so are in no cache; each is read at most once
 * per {@link #EVERY}, which is soon enough for a renewal that comes days before the end.
 */
final class CertificateSecrets {
    static final Duration EVERY = Duration.ofSeconds(30);

    private static final Set<String> KEYS = Set.of("tls.crt", "tls.key", "ca.crt");
    private static final int FORBIDDEN = 403;

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<Ref, Read> reads = new ConcurrentHashMap<>();

    CertificateSecrets(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Who names which Secret. A PoolerCluster that came after another of its name reads anew. */
    record Ref(String clusterUid, String namespace, String name) {
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /**
     * What a Secret held.
     *
     * @param again when it is read again
     * @param entries as text; those that were read before, when it could not be read
     * @param trouble why it could not be read, and what to do about it, or null
     */
    record Read(
            Instant again,
            Map<String, String> entries,
            @Nullable String trouble) {}

    Read read(Ref ref) {
        var now = clock.instant();
        var before = reads.get(ref);
        if (before != null && now.isBefore(before.again())) {
            return before;
        }
        reads.keySet().removeIf(other -> other.clusterUid().equals(ref.clusterUid()) && !other.equals(ref));
        var read = live(ref, before == null ? Map.of() : before.entries(), now.plus(EVERY));
        reads.put(ref, read);
        return read;
    }

    void forget(String clusterUid) {
        reads.keySet().removeIf(ref -> ref.clusterUid().equals(clusterUid));
    }

    private Read live(Ref ref, Map<String, String> before, Instant again) {
        try {
            var secret = client.secrets()
                    .inNamespace(ref.namespace())
                    .withName(ref.name())
                    .get();
            return secret == null
                    ? new Read(
                            again,
                            before,
                            "there is no Secret '%s' in namespace %s; create it, or remove the field to have certificates issued"
                                    .formatted(ref.name(), ref.namespace()))
                    : new Read(again, PoolerSecret.entries(secret, KEYS), null);
        } catch (KubernetesClientException e) {
            var trouble = e.getCode() == FORBIDDEN
                    ? "the operator may not get Secret %s; allow its ServiceAccount to".formatted(ref)
                    : "Secret %s could not be read (%s); it is tried again by itself"
                            .formatted(ref, e.getCode() <= 0 ? "no answer" : "HTTP " + e.getCode());
            return new Read(again, before, trouble);
        }
    }
}
