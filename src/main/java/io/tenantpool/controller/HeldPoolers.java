package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.naming.Labels;
import io.tenantpool.resource.PoolerSecret;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what the poolers serve from their Secrets, the newest version that is known of each. */
public final class HeldPoolers {
    private final Engine engine;
    private final PoolerSecretWriter secrets;
    private final Map<PoolerId, Parsed> parsed = new ConcurrentHashMap<>();

    public HeldPoolers(Engine engine, PoolerSecretWriter secrets) {
        this.engine = engine;
        this.secrets = secrets;
    }

    /**
     * The Secrets of a PoolerCluster's poolers and what they say.
     *
     * @param keys the newest, if the poolers do not have the same ones yet
     * @param tls how each meets its clients
     */
    record Held(
            Map<PoolerId, Secret> secrets,
            List<HeldPooler> poolers,
            Optional<PoolerKeys> keys,
            Map<PoolerId, PoolerTls> tls) {
        /** The revision of what a pooler's Secret says; empty when it is not on the server. */
        Optional<String> revision(PoolerId id) {
            return Optional.ofNullable(secrets.get(id))
                    .filter(secret -> secret.getMetadata().getResourceVersion() != null)
                    .flatMap(secret -> Optional.ofNullable(secret.getMetadata().getAnnotations()))
                    .map(annotations -> annotations.get(Labels.REVISION));
        }
    }

    private record Parsed(@Nullable String version, HeldPooler pooler, Optional<PoolerKeys> keys, PoolerTls tls) {}

    /** @throws IllegalArgumentException when a Secret is not what the operator wrote; the message names it */
    Held read(ResourceID cluster, ClusterModel model, PoolerSources sources, Conflicts conflicts) {
        var newest = new HashMap<PoolerId, Secret>();
        sources.poolerSecrets(cluster)
                .forEach(secret -> References.pooler(secret).ifPresent(id -> newest.put(id, secret)));
        var wanted = new HashMap<PoolerId, Secret>();
        for (var cell : cells(cluster, newest.keySet(), sources)) {
            for (var listener : model.listeners()) {
                var id = model.pooler(cell, listener.name());
                secrets.newest(id, newest.get(id))
                        .filter(secret -> isOurs(id, secret, conflicts))
                        .ifPresent(secret -> wanted.put(id, secret));
            }
        }
        var read = wanted.entrySet().stream()
                .map(entry -> parse(entry.getKey(), entry.getValue()))
                .toList();
        return new Held(
                wanted,
                read.stream().map(Parsed::pooler).toList(),
                read.stream().flatMap(one -> one.keys().stream()).max(Comparator.comparing(keys -> keys.console()
                        .since())),
                read.stream().collect(Collectors.toMap(one -> one.pooler().id(), Parsed::tls)));
    }

    /** One of somebody else's is not remembered, or it would be made again when they take it away. */
    private boolean isOurs(PoolerId id, Secret secret, Conflicts conflicts) {
        var foreign = conflicts.isForeign(id, secret);
        if (foreign) {
            secrets.gone(id);
        }
        return !foreign;
    }

    /** Cells that anything tells of: a Secret may have lost its labels, and a cell all but one of its objects. */
    private SortedSet<String> cells(ResourceID cluster, Set<PoolerId> cached, PoolerSources sources) {
        var cells = new TreeSet<String>();
        cells.add(PoolerId.FIRST_CELL);
        cached.forEach(id -> cells.add(id.cell()));
        secrets.known(cluster).forEach(id -> cells.add(id.cell()));
        sources.poolersWithPods(cluster).forEach(id -> cells.add(id.cell()));
        return cells;
    }

    /** What was written need not be read again: what is rendered parses to itself. */
    void wrote(PoolerContent content, String version) {
        parsed.put(
                content.id(), new Parsed(version, HeldPooler.of(content), Optional.of(content.keys()), content.tls()));
    }

    void forget(PoolerId id) {
        parsed.remove(id);
    }

    private Parsed parse(PoolerId id, Secret secret) {
        var version = secret.getMetadata().getResourceVersion();
        var known = parsed.get(id);
        if (known != null && version != null && Objects.equals(known.version(), version)) {
            return known;
        }
        var entries = PoolerSecret.entries(secret);
        try {
            var fresh = new Parsed(version, engine.parse(id, entries), engine.keys(entries), engine.tls(entries));
            parsed.put(id, fresh);
            return fresh;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Secret " + secret.getMetadata().getName() + " was changed by somebody: " + e.getMessage(), e);
        }
    }
}
