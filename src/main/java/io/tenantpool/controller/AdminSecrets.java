package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.model.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the Secrets of roles that PoolerClusters name for their servers; each at most once per {@link #EVERY}. */
final class AdminSecrets {
    static final Duration EVERY = Duration.ofSeconds(30);

    private static final List<String> KEYS = List.of("username", "password");

    private final NamedSecrets secrets;

    AdminSecrets(KubernetesClient client, Clock clock) {
        this.secrets = new NamedSecrets(client, clock, EVERY, EVERY);
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
        var read = secrets.read(new NamedSecrets.Ref(
                ref.clusterUid(), ref.namespace(), ref.name(), Set.copyOf(KEYS), "the keys username and password"));
        var data = read.data();
        return data == null ? unusable(read.again(), read.trouble()) : checked(ref, data, read.again(), read.trouble());
    }

    void forget(String clusterUid) {
        secrets.forget(clusterUid);
    }

    private static Read checked(Ref ref, Map<String, String> data, Instant again, @Nullable String trouble) {
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
        return new Read(again, data.get("username"), new Secret(data.getOrDefault("password", "")), trouble);
    }

    private static Read unusable(Instant again, @Nullable String trouble) {
        return new Read(again, null, null, trouble);
    }
}
