package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tenantpool.api.v1alpha1.Upstream.TlsMode;
import io.tenantpool.model.CaCertificates;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.RealPooler;
import io.tenantpool.testing.TestCertificates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which servers a real PgBouncer believes. */
class ServerTlsOperandIT {
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();
    private static final TestCertificates CA = TestCertificates.ca("the CA");
    private static final TestCertificates NEXT_CA = TestCertificates.ca("the next CA");
    private static final Duration SOON = Duration.ofSeconds(5);

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void aDatabase() {
        postgres = OperandTier.postgres(30);
        postgres.createDatabase("acme", "acme", "password");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void aServerOfTheCa() {
        postgres.encrypt(CA.server(postgres.host()));
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_of_the_ca_with_the_right_name_is_believed(PgBouncerProgram program) throws SQLException {
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.VerifyFull, CA));
                var client = login(pooler).open();
                var statement = client.createStatement()) {
            statement.execute("SELECT 1");

            assertThat(postgres.isEncrypted("acme")).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_of_another_ca_gets_no_password(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.VerifyFull, NEXT_CA))) {
            assertThat(assertRefused(pooler))
                    .anySatisfy(line -> assertThat(line).contains("certificate verify failed"));
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_with_another_name_is_refused_unless_any_name_will_do(PgBouncerProgram program) {
        postgres.encrypt(CA.server("elsewhere.example.com"));
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.VerifyFull, CA))) {
            assertThat(assertRefused(pooler))
                    .anySatisfy(line -> assertThat(line).contains("name"));
            pooler.serve(content(TlsMode.VerifyCA, CA));

            pooler.login("acme", "acme", "password");
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_server_that_does_not_encrypt_is_refused(PgBouncerProgram program) {
        postgres.encryptNoMore();
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.Require))) {
            assertThat(assertRefused(pooler)).isNotEmpty(); // not a word of the cause, not even there
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void whoever_encrypts_is_believed_when_nobody_is_to_be_verified(PgBouncerProgram program) throws SQLException {
        postgres.encrypt(TestCertificates.ca("nobody knows it").server("elsewhere.example.com"));
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.Require));
                var client = login(pooler).open();
                var statement = client.createStatement()) {
            statement.execute("SELECT 1");

            assertThat(postgres.isEncrypted("acme")).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_ca_is_renewed_by_publishing_both_and_no_client_notices(PgBouncerProgram program) throws SQLException {
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.VerifyFull, CA));
                var client = login(pooler).open();
                var statement = client.createStatement()) {
            client.setAutoCommit(false);
            statement.execute("SELECT 1");

            pooler.serve(content(TlsMode.VerifyFull, CA, NEXT_CA));
            pooler.login("acme", "acme", "password");
            postgres.encrypt(NEXT_CA.server(postgres.host()));
            pooler.ask("RECONNECT \"acme\"");
            await().atMost(SOON).ignoreExceptions().until(() -> {
                pooler.login("acme", "acme", "password");
                return true;
            });
            pooler.serve(content(TlsMode.VerifyFull, NEXT_CA));
            pooler.ask("RECONNECT \"acme\"");
            pooler.login("acme", "acme", "password");

            statement.execute("SELECT 1");
            client.commit();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void encryption_that_is_switched_on_reaches_the_connections_of_clients_that_stay(PgBouncerProgram program)
            throws SQLException {
        try (var pooler = RealPooler.start(program, ENGINE, content(TlsMode.Disable));
                var client = login(pooler).open();
                var statement = client.createStatement()) {
            statement.execute("SELECT 1");
            assertThat(postgres.isEncrypted("acme")).isFalse();

            pooler.serve(content(TlsMode.VerifyFull, CA));

            await().atMost(SOON).until(() -> {
                statement.execute("SELECT 1");
                return postgres.isEncrypted("acme");
            });
        }
    }

    /** @return the log: the client learns only that it waited in vain */
    private static List<String> assertRefused(RealPooler pooler) {
        pooler.ask("SET query_wait_timeout = '2'");
        assertThatThrownBy(() -> pooler.login("acme", "acme", "password")).hasMessageContaining("query_wait_timeout");
        return pooler.log();
    }

    private static PoolerLogin login(RealPooler pooler) {
        return new PoolerLogin(RealPooler.HOST, pooler.port(), "acme", "acme", "password");
    }

    private static PoolerContent content(TlsMode mode, TestCertificates... authorities) {
        var given = Given.content(tenant());
        var trusted = new TreeMap<String, SortedSet<String>>();
        for (var authority : authorities) {
            trusted.computeIfAbsent("default", name -> new TreeSet<>()).addAll(pem(authority));
        }
        return new PoolerContent(
                given.id(),
                given.listener(),
                given.tenants(),
                given.tombstones(),
                given.limitedRoles(),
                given.peers(),
                given.braked(),
                given.forgetting(),
                new ServerTls(mode, trusted),
                given.keys());
    }

    private static SortedSet<String> pem(TestCertificates authority) {
        try {
            return CaCertificates.parse(authority.certificate()).pem();
        } catch (CaCertificates.Unusable e) {
            throw new AssertionError(e);
        }
    }

    private static Placed tenant() {
        return Given.onePool(
                Given.id("acme"),
                "acme",
                "acme",
                new UpstreamModel("default", postgres.host(), postgres.port()),
                List.of(new Role("acme", new Secret("password"), "team-a/acme")),
                5,
                null);
    }
}
