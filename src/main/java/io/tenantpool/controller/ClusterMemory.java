package io.tenantpool.controller;

import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.observe.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forgets what is remembered of PoolerClusters that are gone: the framework tells nobody of a deletion that no finalizer
 * holds up, and their objects go by themselves.
 */
public final class ClusterMemory {
    /** How often PoolerClusters that are gone are looked for. */
    public static final Duration EVERY = Duration.ofSeconds(30);

    private final Brakes brakes;
    private final PasswordGate passwords;
    private final UpstreamTrust trust;
    private final UpstreamLimits limits;
    private final PoolerClusterStatusWriter status;
    private final PoolerCertificates certificates;
    private final Meters meters;
    private final Map<ResourceID, String> seen = new ConcurrentHashMap<>();
    private volatile Optional<IndexedResourceCache<PoolerCluster>> cache = Optional.empty();

    public ClusterMemory(
            Brakes brakes,
            PasswordGate passwords,
            UpstreamTrust trust,
            UpstreamLimits limits,
            PoolerClusterStatusWriter status,
            PoolerCertificates certificates,
            Meters meters) {
        this.brakes = brakes;
        this.passwords = passwords;
        this.trust = trust;
        this.limits = limits;
        this.status = status;
        this.certificates = certificates;
        this.meters = meters;
    }

    void readFrom(IndexedResourceCache<PoolerCluster> newCache) {
        cache = Optional.of(newCache);
    }

    void seen(PoolerCluster cluster) {
        var id = ResourceID.fromResource(cluster);
        var before = seen.put(id, cluster.getMetadata().getUid());
        if (before != null && !before.equals(cluster.getMetadata().getUid())) {
            forget(id, before); // another one of the same name
        }
    }

    /** Called every {@link #EVERY}. */
    public void look() {
        cache.ifPresent(known -> seen.forEach((id, uid) -> {
            if (known.get(id).isEmpty() && seen.remove(id, uid)) {
                forget(id, uid);
            }
        }));
    }

    private void forget(ResourceID id, String uid) {
        brakes.forget(id);
        passwords.forget(uid);
        trust.forget(uid);
        limits.forget(uid);
        certificates.forget(id.getNamespace().orElse(""), id.getName(), uid);
        status.forget(id);
        meters.forget(id.getNamespace().orElse(""), id.getName());
    }
}
