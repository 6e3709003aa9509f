package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Login;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.RealPooler;
import io.tenantpool.testing.TcpForwarder;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a proof finds out about real logins, and that it leaves nothing behind. */
class ProofOperandIT {
    private static final String PASSWORD = "right";
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    private static final Vertx VERTX = Vertx.vertx();
    private final Prover prover = new Prover(new PgLogin(VERTX), ENGINE, 2000);
    private @Nullable RealPooler pooler;

    @BeforeAll
    static void aDatabase() {
        postgres = OperandTier.postgres(30);
        postgres.createDatabase("acme", "acme", PASSWORD);
    }

    @AfterAll
    static void stop() {
        postgres.close();
        VERTX.close();
    }

    @AfterEach
    void stopPooler() {
        if (pooler != null) {
            pooler.close();
        }
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_proof_leaves_no_server_connection_behind(PgBouncerProgram program) {
        var target = serve(program, "acme", PASSWORD);

        assertThat(prove(target)).isEqualTo(Login.PROVEN);

        await().atMost(Duration.ofSeconds(2)).until(() -> postgres.clientConnections() == 0);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_door_that_takes_no_transactions_is_proven_by_one_statement(PgBouncerProgram program) {
        var tenant = tenant("acme", PASSWORD, 5, postgres.port());
        var door = new ListenerModel("statement", "Statement", Upstream.Role.Primary, 6432, 2, 2, null, 1000, 20, 60);
        var target = serve(
                program,
                tenant,
                Given.poolerContent(Given.pooler("statement"), door, List.of(tenant), new TreeMap<>(), Given.KEYS));

        assertThat(prove(target, !door.isStatement())).isEqualTo(Login.PROVEN);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_missing_database_is_told_and_its_creation_is_seen_soon(PgBouncerProgram program) {
        var target = serve(program, "late", PASSWORD);
        postgres.dropDatabase("late");
        assertThat(prove(target)).isEqualTo(Login.DATABASE_NOT_FOUND);
        // The pooler may repeat an error that it remembers, in words of its own.
        assertThat(prove(target)).isEqualTo(Login.DATABASE_NOT_FOUND);

        postgres.createDatabase("late", "acme", PASSWORD);

        await().atMost(Duration.ofSeconds(5)).until(() -> prove(target) == Login.PROVEN);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_password_that_postgresql_refuses_is_told(PgBouncerProgram program) {
        var target = serve(program, "acme", "wrong");

        assertThat(prove(target)).isEqualTo(Login.AUTHENTICATION_FAILED);
        assertThat(prove(target)).isEqualTo(Login.AUTHENTICATION_FAILED);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_password_that_the_pooler_refuses_is_told(PgBouncerProgram program) {
        var target = serve(program, "acme", PASSWORD);
        var stranger = new PgLogin.Target(
                target.host(), target.port(), target.database(), target.user(), new Secret("of nobody"));

        assertThat(prove(stranger)).isEqualTo(Login.POOLER_REFUSED);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_that_was_never_there_is_told(PgBouncerProgram program) throws IOException {
        var target = serve(program, tenant("acme", PASSWORD, 5, freePort()));

        assertThat(prove(target)).isEqualTo(Login.UPSTREAM_UNREACHABLE);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_that_died_after_the_pooler_had_met_it_is_not_taken_for_a_busy_one(PgBouncerProgram program)
            throws IOException {
        var port = freePort();
        var upstream = SocketAddress.inetSocketAddress(postgres.port(), postgres.host());
        var target = serve(program, tenant("acme", PASSWORD, 5, port));
        try (var server = new TcpForwarder(VERTX, postgres.host(), port, () -> Optional.of(upstream))) {
            assertThat(server).isNotNull();
            assertThat(prove(target)).isEqualTo(Login.PROVEN);
        }

        assertThat(prove(target)).isEqualTo(Login.UPSTREAM_UNREACHABLE);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_that_hangs_is_not_taken_for_a_busy_pool(PgBouncerProgram program) throws Exception {
        var target = serve(program, tenant("acme", PASSWORD, 5, postgres.port()));
        var backend = backendLeftIdle(target);
        signal("-STOP", backend);
        try {
            assertThat(prove(target)).isEqualTo(Login.UPSTREAM_UNREACHABLE);
        } finally {
            signal("-CONT", backend);
        }
    }

    private static int backendLeftIdle(PgLogin.Target target) throws SQLException {
        try (var client = open(target);
                var statement = client.createStatement();
                var rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void signal(String signal, int pid) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Integer.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_busy_pool_proves_the_credentials(PgBouncerProgram program) throws SQLException {
        var target = serve(program, tenant("acme", PASSWORD, 1, postgres.port()));
        try (var client = open(target);
                var statement = client.createStatement()) {
            client.setAutoCommit(false);
            statement.execute("SELECT 1");

            assertThat(prove(target)).isEqualTo(Login.BUSY);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_full_client_limit_proves_the_credentials(PgBouncerProgram program) throws SQLException {
        var limited = tenant("acme", PASSWORD, 5, postgres.port());
        var target = serve(
                program,
                Given.onePool(
                        limited.id(),
                        limited.poolName(),
                        limited.database(),
                        limited.upstream(),
                        limited.roles(),
                        limited.grant().perPod(),
                        1));
        try (var client = open(target);
                var statement = client.createStatement()) {
            statement.execute("SELECT 1");

            assertThat(prove(target)).isEqualTo(Login.BUSY);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_pooler_that_is_gone_is_told(PgBouncerProgram program) {
        var target = serve(program, "acme", PASSWORD);
        stopPooler();
        pooler = null;

        assertThat(prove(target)).isEqualTo(Login.POOLER_UNREACHABLE);
    }

    private PgLogin.Target serve(PgBouncerProgram program, String database, String password) {
        return serve(program, tenant(database, password, 5, postgres.port()));
    }

    private PgLogin.Target serve(PgBouncerProgram program, Placed tenant) {
        return serve(program, tenant, Given.content(tenant));
    }

    private PgLogin.Target serve(PgBouncerProgram program, Placed tenant, PoolerContent content) {
        pooler = RealPooler.start(program, ENGINE, content);
        var role = tenant.roles().get(0);
        return new PgLogin.Target(RealPooler.HOST, pooler.port(), tenant.poolName(), role.name(), role.password());
    }

    private static Placed tenant(String database, String password, int share, int port) {
        return Given.onePool(
                Given.id("acme"),
                "pool",
                database,
                new UpstreamModel("default", postgres.host(), port),
                List.of(new Role("acme", new Secret(password), "team-a/acme-db")),
                share,
                null);
    }

    private static Connection open(PgLogin.Target target) throws SQLException {
        return new PoolerLogin(
                        target.host(),
                        target.port(),
                        target.database(),
                        target.user(),
                        target.password().value())
                .open();
    }

    private Login prove(PgLogin.Target target) {
        return prove(target, true);
    }

    private Login prove(PgLogin.Target target, boolean transactions) {
        return prover.prove(target, transactions, new Consoles.Access(Given.KEYS, PoolerTls.PLAIN))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(15, TimeUnit.SECONDS)
                .join()
                .login();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
