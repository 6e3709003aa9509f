package io.tenantpool.delivery;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.TenantId;
import io.tenantpool.observe.Meters;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.RealPooler;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits until every pod serves a revision is told when the last one does. */
class ServedRevisionOperandIT {
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final PoolerId POOLER = Given.pooler("transaction");

    private final Vertx vertx = Vertx.vertx();
    private final List<Optional<String>> told = new CopyOnWriteArrayList<>();
    private final Delivery delivery = new Delivery(
            vertx,
            Clock.systemUTC(),
            new DeliverySettings(false, 8, millis(100), 0.02, millis(1000), millis(1000), millis(60_000)),
            new NobodyElse(),
            ENGINE,
            new Meters(new SimpleMeterRegistry()),
            new DeliveryListener() {
                @Override
                public void tenantChanged(TenantId tenant) {
                    // nobody is proven here
                }

                @Override
                public void poolerChanged(PoolerId pooler) {
                    told.add(delivery().served(pooler));
                }
            });

    private Delivery delivery() {
        return delivery;
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @AfterEach
    void end() {
        delivery.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void it_is_told_when_nothing_else_of_the_pods_is_news() {
        var content = Given.content();
        var revision = ENGINE.render(content).revision();
        try (var pooler = RealPooler.start(OperandTier.pgBouncer(), ENGINE, content)) {
            delivery.want(wanted(content, "not there yet"));
            delivery.podsListed();
            delivery.podsChanged(
                    POOLER,
                    List.of(new PodView(
                            "uid-real",
                            "poolers",
                            "real",
                            RealPooler.HOST,
                            pooler.port(),
                            Clock.systemUTC().instant(),
                            true,
                            false,
                            true,
                            null)));
            await("the pod told its version").atMost(SOON).until(() -> delivery.pods(POOLER)
                    .filter(pods -> !pods.versions().isEmpty())
                    .isPresent());

            delivery.want(wanted(content, revision));

            await().atMost(SOON).until(() -> told.contains(Optional.of(revision)));
        }
    }

    private static Wanted wanted(PoolerContent content, String revision) {
        return new Wanted(
                POOLER,
                "uid-main",
                revision,
                content.keys(),
                content.tls(),
                ENGINE.render(content).sentinel(),
                6432,
                null,
                true,
                List.of(),
                List.of(),
                new TreeMap<>());
    }
}
