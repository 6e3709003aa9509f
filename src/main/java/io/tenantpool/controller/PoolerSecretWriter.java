package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.PoolerSecret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes pooler Secrets. Each write names the version it replaces, so that a lost race is seen and not overwritten. Every
 * change writes the whole Secret and etcd keeps each version for minutes, so the bytes per second are limited, too.
 */
public final class PoolerSecretWriter {
    private static final Logger LOG = Logger.getLogger(PoolerSecretWriter.class);

    private final KubernetesClient client;
    private final WriteBudget budget;
    private final Meters meters;
    private final Clock clock;
    private final Map<PoolerId, Secret> known = new ConcurrentHashMap<>();
    private final Map<PoolerId, Instant> lastWrite = new ConcurrentHashMap<>();

    public PoolerSecretWriter(KubernetesClient client, Clock clock, long bytesPerSecond, Meters meters) {
        this.client = client;
        this.clock = clock;
        this.budget = new WriteBudget(clock, bytesPerSecond);
        this.meters = meters;
    }

    /**
     * The newest known version of a pooler's Secret. The cache lags behind our own writes; and what the cache lacks is
     * looked for on the server, because it may be there without our labels, or be gone.
     */
    Optional<Secret> newest(PoolerId id, @Nullable Secret cached) {
        if (cached != null) {
            return Optional.of(known.merge(id, cached, PoolerSecretWriter::newer));
        }
        var live = client.secrets()
                .inNamespace(id.namespace())
                .withName(Names.pooler(id))
                .get();
        if (live != null) {
            return Optional.of(known.merge(id, live, PoolerSecretWriter::newer));
        }
        // Deleted by somebody: the next write creates it again, with the keys and the tenants that the pods know.
        return Optional.ofNullable(forget(id));
    }

    private static Secret newer(Secret one, Secret other) {
        return version(one) > version(other) ? one : other;
    }

    /** Forgets the version that was known, after a write that met another one; what it held stays known. */
    @Nullable
    Secret forget(PoolerId id) {
        return known.computeIfPresent(id, (key, own) -> new SecretBuilder(own)
                .editMetadata()
                .withResourceVersion(null)
                .endMetadata()
                .build());
    }

    /** The poolers of a PoolerCluster whose Secrets were seen or written. */
    Stream<PoolerId> known(ResourceID cluster) {
        return known.keySet().stream()
                .filter(id -> id.cluster().equals(cluster.getName())
                        && id.namespace().equals(cluster.getNamespace().orElse("")));
    }

    /** Forgets a pooler that is no more. */
    void gone(PoolerId id) {
        known.remove(id);
        lastWrite.remove(id);
    }

    /** The version that is known of a pooler's Secret. */
    Optional<String> version(PoolerId id) {
        return Optional.ofNullable(known.get(id)).map(own -> own.getMetadata().getResourceVersion());
    }

    Comparator<PoolerContent> longestUnwrittenFirst() {
        return Comparator.comparing(content -> lastWrite.getOrDefault(content.id(), Instant.MIN));
    }

    /**
     * Writes the Secret if it differs.
     *
     * @return how long to wait before it may be written; zero when it is
     */
    Duration write(PoolerId id, PoolerFiles files, PoolerCluster owner, @Nullable Secret before) {
        var version = before == null ? null : before.getMetadata().getResourceVersion();
        var desired = PoolerSecret.desired(id, files, owner, version);
        if (version != null && before != null && says(before, desired)) {
            return Duration.ZERO;
        }
        var bytes =
                desired.getData().values().stream().mapToLong(String::length).sum();
        var wait = budget.wait(id);
        if (!wait.isZero()) {
            return wait;
        }
        var start = clock.instant();
        var result = version == null
                ? client.resource(desired).create()
                : client.resource(desired).update();
        budget.spend(id, bytes);
        lastWrite.put(id, clock.instant());
        known.put(id, result);
        meters.secretWritten(bytes);
        LOG.debugf(
                "Secret of pooler %s written in %d ms: revision %s, %d bytes",
                id, Duration.between(start, clock.instant()).toMillis(), files.revision(), bytes);
        return Duration.ZERO;
    }

    private static boolean says(Secret before, Secret desired) {
        var labels = before.getMetadata().getLabels();
        return desired.getData().equals(before.getData())
                && labels != null
                && labels.entrySet()
                        .containsAll(desired.getMetadata().getLabels().entrySet());
    }

    private static long version(Secret secret) {
        var version = secret.getMetadata().getResourceVersion();
        return version == null ? -1 : Long.parseLong(version);
    }
}
