package io.tenantpool.controller;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.model.Brake;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.ServerKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Watches the servers that could run out of connections, because more than {@value Brake#ON_PERCENT} % of them are
 * promised: the others need no look. Its state is in the files of the poolers and survives a restart.
 */
public final class Brakes {
    /** How often the poolers of such a server are asked. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    private final Delivery delivery;
    private final Signals signals;
    private final Clock clock;
    private final Map<ResourceID, Map<ServerKey, Brake>> brakes = new ConcurrentHashMap<>();
    private final Map<ResourceID, Watched> watched = new ConcurrentHashMap<>();

    public Brakes(Delivery delivery, Signals signals, Clock clock) {
        this.delivery = delivery;
        this.signals = signals;
        this.clock = clock;
    }

    /** @param servers which server each pool of a pooler leads to */
    private record Watched(Map<ServerKey, Integer> max, Map<PoolerId, Map<String, ServerKey>> servers) {}

    /** The servers whose idle connections are let go quickly now. */
    Set<ServerKey> braked(ResourceID cluster, ClusterModel model, List<HeldPooler> held) {
        return brakes.computeIfAbsent(cluster, id -> fromFiles(model, held)).entrySet().stream()
                .filter(brake -> brake.getValue().on())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Map<ServerKey, Brake> fromFiles(ClusterModel model, List<HeldPooler> held) {
        var found = new ConcurrentHashMap<ServerKey, Brake>();
        held.stream()
                .filter(HeldPooler::braked)
                .forEach(pooler -> model.listener(pooler.id().listener()).ifPresent(listener -> pooler.tenants()
                        .forEach(tenant -> found.put(
                                new ServerKey(tenant.upstream().name(), listener.target()),
                                new Brake(true, clock.instant())))));
        return found;
    }

    /** Takes over what was planned. */
    void watch(ResourceID cluster, Plan plan) {
        var max = new HashMap<ServerKey, Integer>();
        for (var line : plan.budget()) {
            var most = line.contract().max();
            if (most != null && Brake.isAbove(line.committed(), most)) {
                max.put(line.server(), most);
            }
        }
        var states = brakes.computeIfAbsent(cluster, id -> new ConcurrentHashMap<>());
        states.keySet().retainAll(max.keySet());
        if (max.isEmpty()) {
            watched.remove(cluster);
            return;
        }
        var servers = new HashMap<PoolerId, Map<String, ServerKey>>();
        for (var content : plan.poolers()) {
            var pools = new HashMap<String, ServerKey>();
            content.tenants()
                    .forEach(tenant -> pools.put(
                            tenant.poolName(),
                            new ServerKey(
                                    tenant.upstream().name(), content.listener().target())));
            servers.put(content.id(), pools);
        }
        watched.put(cluster, new Watched(max, servers));
    }

    void forget(ResourceID cluster) {
        watched.remove(cluster);
        brakes.remove(cluster);
    }

    /** Asks the poolers and switches brakes; called every {@link #EVERY}. */
    public void look() {
        watched.forEach((cluster, what) -> {
            var answers = new HashMap<PoolerId, CompletionStage<PoolReading>>();
            what.servers().keySet().forEach(pooler -> answers.put(pooler, delivery.usage(pooler, EVERY.dividedBy(2))));
            CompletableFuture.allOf(answers.values().stream()
                            .map(CompletionStage::toCompletableFuture)
                            .toArray(CompletableFuture[]::new))
                    .thenAccept(all -> {
                        var readings = new HashMap<PoolerId, PoolReading>();
                        answers.forEach((pooler, answer) -> readings.put(
                                pooler, answer.toCompletableFuture().join()));
                        decide(cluster, what, readings);
                    });
        });
    }

    private void decide(ResourceID cluster, Watched what, Map<PoolerId, PoolReading> readings) {
        var open = new HashMap<ServerKey, Integer>();
        readings.forEach((pooler, reading) -> reading.pods()
                .values()
                .forEach(pod -> pod.forEach((pool, usage) -> {
                    var server = what.servers().getOrDefault(pooler, Map.of()).get(pool);
                    if (server != null) {
                        open.merge(server, usage.servers(), Integer::sum);
                    }
                })));
        var complete = readings.values().stream().allMatch(r -> r.podsRead() == r.podsAsked());
        var states = brakes.computeIfAbsent(cluster, id -> new ConcurrentHashMap<>());
        var now = clock.instant();
        var switched = false;
        for (var server : what.max().entrySet()) {
            var before = states.getOrDefault(server.getKey(), new Brake(false, now));
            var after = before.next(open.getOrDefault(server.getKey(), 0), server.getValue(), now);
            if (before.on() && !complete) {
                after = before; // a pod that does not answer may hold any number
            }
            states.put(server.getKey(), after);
            switched |= before.on() != after.on();
        }
        if (switched) {
            signals.poolerClusterChanged(cluster);
        }
    }
}
