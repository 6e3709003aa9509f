package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.api.v1alpha1.ClientTlsMode;
import io.tenantpool.certificate.Authorities;
import io.tenantpool.certificate.ConsoleKeys;
import io.tenantpool.certificate.ServerCertificates;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.Login;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.RealPooler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS between the operator, clients and a real PgBouncer. */
class PoolerTlsOperandIT {
    private static final String PASSWORD = "right";
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();
    private static final Instant NOW = Given.NOW;
    private static final Vertx VERTX = Vertx.vertx();
    private static final ConsoleKeys KEYS = new ConsoleKeys(ENGINE.console().adminUser(), Duration.ofDays(30));

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    private final PgLogin login = new PgLogin(VERTX);
    private final Consoles consoles = new Consoles(login, ENGINE.console(), 2000);
    private final Prover prover = new Prover(login, ENGINE, 2000);
    private final PoolerKeys keys = KEYS.fresh(NOW);
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
    void where_tls_is_required_a_client_without_it_is_refused(PgBouncerProgram program) {
        var pair = issued();
        start(program, content(tls(ClientTlsMode.Require, pair), keys));

        assertThat(prove(plain())).isEqualTo(Login.POOLER_REFUSED);
        assertThat(prove(over(pair.fingerprint()))).isEqualTo(Login.PROVEN);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void where_tls_is_allowed_both_kinds_of_clients_get_in(PgBouncerProgram program) {
        var pair = issued();
        start(program, content(tls(ClientTlsMode.Allow, pair), keys));

        assertThat(prove(plain())).isEqualTo(Login.PROVEN);
        assertThat(prove(over(pair.fingerprint()))).isEqualTo(Login.PROVEN);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_pooler_with_a_certificate_that_it_was_not_given_is_not_trusted(PgBouncerProgram program) {
        start(program, content(tls(ClientTlsMode.Require, issued()), keys));

        assertThat(prove(over("00".repeat(32)))).isEqualTo(Login.POOLER_UNREACHABLE);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_console_opens_to_the_operator_s_certificate_and_to_no_password(PgBouncerProgram program) {
        var tls = tls(ClientTlsMode.Require, issued());
        start(program, content(tls, keys));

        assertThat(version(keys, tls)).startsWith("PgBouncer");

        var withoutCertificate = new PoolerKeys(keys.consolePassword(), keys.salt());
        assertThatThrownBy(() -> version(withoutCertificate, tls)).hasMessageContaining("certificate");
    }

    @ParameterizedTest
    @MethodSource("programs")
    void another_certificate_of_the_same_name_does_not_open_the_console(PgBouncerProgram program) {
        var tls = tls(ClientTlsMode.Require, issued());
        start(program, content(tls, keys));

        assertThatThrownBy(() -> version(KEYS.fresh(NOW), tls)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void new_keys_open_consoles_that_have_not_read_them_and_the_old_ones_go_with_the_next_change(
            PgBouncerProgram program) {
        var tls = tls(ClientTlsMode.Require, issued());
        var running = start(program, content(tls, keys));
        var next = KEYS.current(keys, NOW.plus(Duration.ofDays(31)));
        assertThat(version(next, tls)).startsWith("PgBouncer");

        running.serve(content(tls, next));
        var afterNext = KEYS.current(next, NOW.plus(Duration.ofDays(62)));
        running.serve(content(tls, afterNext));

        assertThat(version(afterNext, tls)).startsWith("PgBouncer");
        assertThatThrownBy(() -> version(keys, tls)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_key_from_before_the_last_change_opens_the_console_by_itself(PgBouncerProgram program) {
        var tls = tls(ClientTlsMode.Require, issued());
        start(program, content(tls, KEYS.current(keys, NOW.plus(Duration.ofDays(31)))));

        assertThat(version(keys, tls)).startsWith("PgBouncer");
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_mode_changes_by_a_reload_and_the_operator_finds_its_way_before_and_after(PgBouncerProgram program) {
        var pair = issued();
        var required = tls(ClientTlsMode.Require, pair);
        var running = start(program, content(tls(ClientTlsMode.Disable, pair), keys));
        assertThat(version(keys, required)).startsWith("PgBouncer");

        running.serve(content(required, keys));

        assertThat(version(keys, required)).startsWith("PgBouncer");
        assertThat(version(keys, tls(ClientTlsMode.Disable, pair))).startsWith("PgBouncer");
        assertThat(prove(over(pair.fingerprint()))).isEqualTo(Login.PROVEN);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_renewed_certificate_is_shown_to_new_clients_and_cuts_nobody(PgBouncerProgram program) {
        var before = issued();
        var after = issued();
        var running = start(program, content(tls(ClientTlsMode.Require, before), keys));
        var session = get(login.open(over(before.fingerprint()), 2000));

        running.serve(content(tls(ClientTlsMode.Require, after), keys));

        assertThat(get(session.query("SELECT 1").execute()).size()).isEqualTo(1);
        assertThat(get(login.connect(over(before.fingerprint(), after.fingerprint()), 2000))
                        .fingerprint())
                .isEqualTo(after.fingerprint());
        get(session.close());
    }

    private RealPooler start(PgBouncerProgram program, PoolerContent content) {
        var started = RealPooler.start(program, ENGINE, content);
        pooler = started;
        return started;
    }

    private static CertificatePair issued() {
        var lifetimes = new Authorities.Lifetimes(Duration.ofDays(1000), Duration.ofDays(30), Duration.ofDays(90));
        var authorities = Authorities.read(Map.of(), lifetimes).renewed("poolers/main", NOW);
        return ServerCertificates.choose(
                        null, "", null, authorities, "main.poolers.svc", List.of("main.poolers.svc"), NOW)
                .pair();
    }

    private static PoolerTls tls(ClientTlsMode mode, CertificatePair pair) {
        return new PoolerTls(mode, pair, List.of(), "", "");
    }

    private static PoolerContent content(PoolerTls tls, PoolerKeys keys) {
        var tenant = Given.onePool(
                Given.id("acme"),
                "acme",
                "acme",
                new UpstreamModel("default", postgres.host(), postgres.port()),
                List.of(new Role("acme", new Secret(PASSWORD), "team-a/acme-db")),
                5,
                null);
        var door = Given.content().listener();
        return Given.poolerContent(Given.pooler("transaction"), door, List.of(tenant), new TreeMap<>(), keys)
                .withTls(tls);
    }

    private PgLogin.Target plain() {
        return target(PgLogin.Encryption.NONE);
    }

    private PgLogin.Target over(String... fingerprints) {
        return target(new PgLogin.Encryption(true, true, Set.of(fingerprints), null));
    }

    private PgLogin.Target target(PgLogin.Encryption encryption) {
        return new PgLogin.Target(RealPooler.HOST, port(), "acme", "acme", new Secret(PASSWORD), encryption);
    }

    private int port() {
        return pooler == null ? 0 : pooler.port();
    }

    private Login prove(PgLogin.Target target) {
        return get(prover.prove(target, true, new Consoles.Access(keys, PoolerTls.PLAIN)))
                .login();
    }

    private String version(PoolerKeys with, PoolerTls tls) {
        return get(consoles.open(RealPooler.HOST, port(), new Consoles.Access(with, tls))
                .compose(console -> console.version().onComplete(done -> console.close())));
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(15, TimeUnit.SECONDS)
                .join();
    }
}
