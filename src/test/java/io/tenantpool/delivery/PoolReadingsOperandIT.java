package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolUsage;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.observe.Meters;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.RealPooler;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real poolers say of real clients: some in a transaction, some that wait, some that do nothing. */
class PoolReadingsOperandIT {
    private static final String PASSWORD = "right";
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();
    private static final PoolerId POOLER = Given.pooler("transaction");
    private static final Vertx VERTX = Vertx.vertx();

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    private final List<Connection> clients = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private final Delivery delivery = delivery();
    private @Nullable RealPooler pooler;

    @BeforeAll
    static void databases() {
        postgres = OperandTier.postgres(30);
        postgres.createDatabase("acme", "acme", PASSWORD);
        postgres.createDatabase("idle", "idle", PASSWORD);
        postgres.createRole("report", PASSWORD);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        VERTX.close();
    }

    @AfterEach
    void leave() throws SQLException {
        delivery.close();
        for (var client : clients) {
            client.close();
        }
        if (pooler != null) {
            pooler.close();
        }
        waiting.forEach(client -> client.exceptionally(cut -> null).join());
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_numbers_are_those_of_the_clients(PgBouncerProgram program) throws SQLException {
        serve(program, tenant("acme", 3, "acme"), tenant("idle", 5, "idle"));
        inTransaction("acme", "acme");
        inTransaction("acme", "acme");
        inTransaction("acme", "acme");
        idle("idle", "idle");
        idle("idle", "idle");
        waits("acme", "acme");
        waits("acme", "acme");

        await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> pool("acme"),
                        now -> now.waiting() == 2 && now.maxWait().toMillis() > 300);

        var acme = pool("acme");
        assertThat(acme).isEqualTo(new PoolUsage(3, 3, 5, 2, acme.maxWait()));
        var idle = pool("idle");
        assertThat(idle).isEqualTo(new PoolUsage(0, idle.servers(), 2, 0, Duration.ZERO));
        assertThat(acme.servers() + idle.servers()).isEqualTo(postgres.clientConnections());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_users_of_a_tenant_are_counted_together(PgBouncerProgram program) throws SQLException {
        serve(program, tenant("acme", 4, "acme", "report"));
        inTransaction("acme", "acme");
        inTransaction("acme", "report");
        inTransaction("acme", "report");

        assertThat(pool("acme")).isEqualTo(new PoolUsage(3, 3, 3, 0, Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_pooler_that_nobody_uses_has_no_pools_and_its_console_is_none(PgBouncerProgram program) {
        serve(program, tenant("acme", 3, "acme"));

        var reading = read(Duration.ZERO);

        assertThat(reading.podsAsked()).isEqualTo(1);
        assertThat(reading.pods()).containsOnlyKeys("real");
        assertThat(reading.pods().get("real")).doesNotContainKey("pgbouncer");
        assertThat(reading.sum("acme").active()).isZero();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_reading_leaves_no_session_on_the_console(PgBouncerProgram program) {
        serve(program, tenant("acme", 3, "acme"));
        var many = Stream.generate(
                        () -> delivery.usage(POOLER, Duration.ofMinutes(1)).toCompletableFuture())
                .limit(50)
                .toList();

        assertThat(many.stream().map(CompletableFuture::join).distinct()).hasSize(1);

        await().atMost(Duration.ofSeconds(5)).until(() -> consoleSessions() == 1); // the one that asks
    }

    @ParameterizedTest
    @MethodSource("programs")
    void pods_that_do_not_answer_are_missing_and_hold_up_nobody_for_long(PgBouncerProgram program) throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getByName(RealPooler.HOST))) {
            var real = serve(program, tenant("acme", 3, "acme"));
            delivery.podsChanged(
                    POOLER, List.of(pod("real", real, false), pod("silent", silent.getLocalPort(), false)));

            var reading = read(Duration.ZERO);

            assertThat(reading.podsAsked()).isEqualTo(2);
            assertThat(reading.pods()).containsOnlyKeys("real");
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_pod_that_shuts_down_is_not_asked(PgBouncerProgram program) {
        var port = serve(program, tenant("acme", 3, "acme"));
        delivery.podsChanged(POOLER, List.of(pod("real", port, true)));

        assertThat(read(Duration.ZERO).podsAsked()).isZero();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** @return the port on which it is served */
    private int serve(PgBouncerProgram program, Placed... tenants) {
        var content = Given.content(tenants);
        var started = RealPooler.start(program, ENGINE, content);
        pooler = started;
        delivery.want(wanted(content));
        delivery.podsChanged(POOLER, List.of(pod("real", started.port(), false)));
        return started.port();
    }

    /** Everything is said to be proven: a proof would use the connections that are counted here. */
    private static Wanted wanted(PoolerContent content) {
        var files = ENGINE.render(content);
        var targets = content.tenants().stream()
                .map(placed -> new Wanted.Target(
                        placed.id(),
                        placed.poolName(),
                        "default",
                        placed.roles(),
                        placed.grant().perPod(),
                        "1",
                        true))
                .toList();
        return new Wanted(
                POOLER,
                "uid-main",
                files.revision(),
                content.keys(),
                content.tls(),
                files.sentinel(),
                6432,
                null,
                true,
                targets,
                List.of(),
                new TreeMap<>());
    }

    private static PodView pod(String name, int port, boolean terminating) {
        return new PodView(
                "uid-" + name, "poolers", name, RealPooler.HOST, port, Given.NOW, true, terminating, true, null);
    }

    private static Placed tenant(String database, int share, String... users) {
        return Given.onePool(
                Given.id(database),
                database,
                database,
                new UpstreamModel("default", postgres.host(), postgres.port()),
                Stream.of(users)
                        .map(user -> new Role(user, new Secret(PASSWORD), "team-a/" + user + "-db"))
                        .toList(),
                share,
                null);
    }

    private PoolReading read(Duration maxAge) {
        return delivery.usage(POOLER, maxAge)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private PoolUsage pool(String name) {
        return read(Duration.ZERO).usage("real", name);
    }

    private Connection open(String database, String user) throws SQLException {
        var port = Objects.requireNonNull(pooler).port();
        return new PoolerLogin(RealPooler.HOST, port, database, user, PASSWORD).open();
    }

    private void inTransaction(String database, String user) throws SQLException {
        var client = open(database, user);
        clients.add(client);
        client.setAutoCommit(false);
        select(client);
    }

    private void idle(String database, String user) throws SQLException {
        var client = open(database, user);
        clients.add(client);
        select(client);
    }

    /** Logs in and asks, beyond what the pool can give. */
    private void waits(String database, String user) {
        waiting.add(CompletableFuture.runAsync(() -> {
            try (var client = open(database, user)) {
                select(client);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private static void select(Connection client) throws SQLException {
        try (var statement = client.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    private long consoleSessions() {
        return Objects.requireNonNull(pooler).ask("SHOW CLIENTS").stream()
                .filter(client -> "pgbouncer".equals(client.get("database")))
                .count();
    }

    private static Delivery delivery() {
        var settings = new DeliverySettings(false, 8, millis(100), 0.02, millis(1000), millis(1000), millis(60_000));
        var world = new NobodyElse();
        return new Delivery(
                VERTX, Clock.systemUTC(), settings, world, ENGINE, new Meters(new SimpleMeterRegistry()), world);
    }
}
