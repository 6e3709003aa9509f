package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Secret;
import io.tenantpool.testing.Given;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A world in which no console ever answers and the time stands until it is moved. */
final class FakeSurroundings implements PodSurroundings, PodApi, AutoCloseable {
    private final DeliveryLoop loop = new DeliveryLoop();
    /** The names of pods whose traffic was switched off. */
    final List<String> off = new ArrayList<>();

    final Map<String, String> perPod = new HashMap<>();

    private Instant now = Given.NOW;

    void passes(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    /** A pod in traffic. */
    static PodView pod(String name, boolean ready, Instant startedAt) {
        return new PodView("uid-" + name, "poolers", name, "10.0.0.1", 6432, startedAt, ready, false, true, null);
    }

    @Override
    public CompletionStage<Void> kick(PodView pod, String revision) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> traffic(PodView pod, boolean on) {
        if (!on) {
            off.add(pod.name());
        }
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> perPod(PodView pod, String text) {
        perPod.put(pod.name(), text);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public int freePeerId(PodView pod) {
        return 7;
    }

    @Override
    public ConsoleDialect dialect() {
        return new PgBouncerEngine().console();
    }

    @Override
    public Wanted wanted() {
        return wanted("r1");
    }

    static Wanted wanted(String revision) {
        return new Wanted(
                Given.pooler("transaction"),
                "uid-main",
                revision,
                Given.KEYS,
                PoolerTls.PLAIN,
                new Secret("s"),
                6432,
                "10.0.0.9",
                true,
                List.of(),
                List.of(),
                new TreeMap<>());
    }

    @Override
    public Secret sentinel(String revision) {
        return new Secret("s");
    }

    @Override
    public Future<Console> openConsole(PodView pod, Wanted wanted) {
        return Promise.<Console>promise().future();
    }

    @Override
    public Future<String> loginAsSentinel(PodView pod, Secret password) {
        return Promise.<String>promise().future();
    }

    @Override
    public DeliveryLoop loop() {
        return loop;
    }

    @Override
    public Clock clock() {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    @Override
    public DeliverySettings settings() {
        return new DeliverySettings(
                true,
                8,
                Duration.ofMillis(100),
                0.02,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(3));
    }

    @Override
    public PodApi api() {
        return this;
    }

    @Override
    public void reloaded(Duration duration) {
        throw new AssertionError("no console answers");
    }

    @Override
    public void kicked() {
        // how often is not what these tests are about
    }

    @Override
    public void nowCurrent(PodLink link) {
        throw new AssertionError("no console answers");
    }

    @Override
    public void close() {
        loop.close();
    }
}
