package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.PoolerId;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.PoolerSecret;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes pooler Secrets. Each write names the version it replaces, so that a lost race is seen and not overwritten. Every
 * change writes the whole Secret and etcd keeps each version for minutes, so the bytes per second are limited, too.
 */
public final class PoolerSecretWriter {
    private final KubernetesClient client;
    private final WriteBudget budget;
    private final Meters meters;
    private final Map<PoolerId, Secret> written = new ConcurrentHashMap<>();

    public PoolerSecretWriter(KubernetesClient client, Clock clock, long bytesPerSecond, Meters meters) {
        this.client = client;
        this.budget = new WriteBudget(clock, bytesPerSecond);
        this.meters = meters;
    }

    /** The newer one of what the cache holds and what was written last; the cache lags behind our own writes. */
    Optional<Secret> newest(PoolerId id, @Nullable Secret cached) {
        var own = written.get(id);
        if (own == null || cached == null) {
            return Optional.ofNullable(cached == null ? own : cached);
        }
        return Optional.of(version(own) > version(cached) ? own : cached);
    }

    /** The Secret was deleted by somebody: the next write creates it again, with the keys that the pods know. */
    void deleted(PoolerId id) {
        written.computeIfPresent(id, (key, own) -> new SecretBuilder(own)
                .editMetadata()
                .withResourceVersion(null)
                .endMetadata()
                .build());
    }

    /** Forgets what was written, after a write that met another version. */
    void forget(PoolerId id) {
        written.remove(id);
    }

    /**
     * Writes the Secret if it differs.
     *
     * @return how long to wait before it may be written; zero when it is
     */
    Duration write(PoolerId id, PoolerFiles files, PoolerCluster owner, @Nullable Secret before) {
        var version = before == null ? null : before.getMetadata().getResourceVersion();
        var desired = PoolerSecret.desired(id, files, owner, version);
        if (version != null && before != null && desired.getData().equals(before.getData())) {
            return Duration.ZERO;
        }
        var bytes =
                desired.getData().values().stream().mapToLong(String::length).sum();
        var wait = budget.take(bytes);
        if (!wait.isZero()) {
            return wait;
        }
        var result = version == null
                ? client.resource(desired).create()
                : client.resource(desired).update();
        written.put(id, result);
        meters.secretWritten(bytes);
        return Duration.ZERO;
    }

    private static long version(Secret secret) {
        var version = secret.getMetadata().getResourceVersion();
        return version == null ? -1 : Long.parseLong(version);
    }
}
