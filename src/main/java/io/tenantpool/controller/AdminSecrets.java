package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tenantpool.model.Secret;
import io.tenantpool.resource.PoolerSecret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Secrets that PoolerClusters name for their servers. They need no label and so are in no cache; each is read
 * at most once per {@link #EVERY} for a PoolerCluster.
 */
final class AdminSecrets {
    static final Duration EVERY = Duration.ofSeconds(30);

    /** Long after a PoolerCluster that exists would have asked again. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    private static final List<String> KEYS = List.of("username", "password");
    private static final int FORBIDDEN = 403;

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<Ref, Read> reads = new ConcurrentHashMap<>();

    AdminSecrets(KubernetesClient client, Clock clock) {
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
     * @param again when it may be read again
     * @param user null when there is none that can be used
     * @param trouble why, and what to do about it; it may be set beside the user that was read before
     */
    record Read(
            Instant again,
            @Nullable String user,
            @Nullable Secret password,
            @Nullable String trouble) {}

    /** Reads the Secret, or tells what was read a moment ago. */
    Read read(Ref ref) {
        var now = clock.instant();
        reads.values().removeIf(read -> read.again().plus(FORGOTTEN_AFTER).isBefore(now));
        var before = reads.get(ref);
        if (before != null && now.isBefore(before.again())) {
            return before;
        }
        var read = live(ref, before, now.plus(EVERY));
        reads.put(ref, read);
        return read;
    }

    void forget(String clusterUid) {
        reads.keySet().removeIf(ref -> ref.clusterUid().equals(clusterUid));
    }

    private Read live(Ref ref, @Nullable Read before, Instant again) {
        try {
            var secret = client.secrets()
                    .inNamespace(ref.namespace())
                    .withName(ref.name())
                    .get();
            if (secret == null) {
                return unusable(
                        again,
                        "there is no Secret '%s' in namespace %s; create it with the keys username and password"
                                .formatted(ref.name(), ref.namespace()));
            }
            return checked(ref, PoolerSecret.entries(secret, Set.copyOf(KEYS)), again);
        } catch (KubernetesClientException e) {
            // It says nothing about the Secret, so what was read before holds.
            var trouble = e.getCode() == FORBIDDEN
                    ? "the operator may not get Secret %s; allow its ServiceAccount to".formatted(ref)
                    : "Secret %s could not be read (%s); it is tried again by itself"
                            .formatted(ref, e.getCode() <= 0 ? "no answer" : "HTTP " + e.getCode());
            return before == null
                    ? unusable(again, trouble)
                    : new Read(again, before.user(), before.password(), trouble);
        }
    }

    private static Read checked(Ref ref, Map<String, String> data, Instant again) {
        for (var key : KEYS) {
            var value = data.getOrDefault(key, "");
            if (value.isEmpty()) {
                return unusable(
                        again,
                        "Secret %s has no '%s'; it needs the keys username and password (type kubernetes.io/basic-auth)"
                                .formatted(ref, key));
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                return unusable(
                        again,
                        "'%s' of Secret %s has a control character, perhaps a line end; write it without"
                                .formatted(key, ref));
            }
        }
        return new Read(again, data.get("username"), new Secret(data.getOrDefault("password", "")), null);
    }

    private static Read unusable(Instant again, String trouble) {
        return new Read(again, null, null, trouble);
    }
}
