package io.tenantpool.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tenantpool.model.Secret;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.TestCertificates;
import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Told;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which servers the operator itself believes, and what it says of the others. */
class TlsOperandIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final TestCertificates CA = TestCertificates.ca("the CA");
    private static final TestCertificates OTHER_CA = TestCertificates.ca("another CA");
    private static final Transport FULL = new Transport(true, true, true, CA.certificate());
    private static final Transport ANY_NAME = new Transport(true, true, false, CA.certificate());
    private static final Transport ANYBODY = new Transport(true, false, false, "");

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void aServer() {
        postgres = OperandTier.postgres(30);
        postgres.createRole("admin", "password");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void aServerOfTheCa() {
        postgres.encrypt(CA.server(postgres.host()));
    }

    @Test
    void the_right_server_is_believed_and_asked() throws Exception {
        assertThat(probe(FULL)).isEmpty();
        assertThat(query(FULL)).isInstanceOf(Told.class);
    }

    @Test
    void both_cas_are_believed_while_one_takes_the_place_of_the_other() throws Exception {
        var both = new Transport(true, true, true, OTHER_CA.certificate() + CA.certificate());

        assertThat(probe(both)).isEmpty();
        assertThat(query(both)).isInstanceOf(Told.class);
    }

    @Test
    void a_certificate_of_another_ca_is_told() throws Exception {
        postgres.encrypt(OTHER_CA.server(postgres.host()));

        assertNotBelieved(FULL, "not from the CA in tls.caSecretRef");
        assertNotBelieved(ANY_NAME, "not from the CA in tls.caSecretRef");
        assertThat(probe(ANYBODY)).isEmpty();
        assertThat(query(ANYBODY)).isInstanceOf(Told.class);
    }

    @Test
    void a_certificate_for_another_host_is_told() throws Exception {
        postgres.encrypt(CA.server("elsewhere.example.com"));

        assertNotBelieved(FULL, "is not for '127.0.0.1'; issue one for this name");
        assertThat(probe(ANY_NAME)).isEmpty();
        assertThat(query(ANY_NAME)).isInstanceOf(Told.class);
    }

    @Test
    void a_certificate_that_has_expired_is_told() throws Exception {
        var yesterday = Clock.systemUTC().instant().minus(Duration.ofDays(1));
        postgres.encrypt(CA.server(yesterday, postgres.host()));

        assertNotBelieved(FULL, "a certificate that has expired");
    }

    @Test
    void a_server_that_does_not_encrypt_is_told() throws Exception {
        postgres.encryptNoMore();

        assertNotBelieved(FULL, "does not encrypt; switch ssl on there");
        assertNotBelieved(ANYBODY, "does not encrypt; switch ssl on there");
    }

    private static void assertNotBelieved(Transport transport, String words) throws Exception {
        assertThat(probe(transport)).hasValueSatisfying(text -> assertThat(text)
                .startsWith("PostgreSQL at 127.0.0.1:" + postgres.port() + " ")
                .contains(words));
        assertThat(query(transport)).asInstanceOf(type(Failed.class)).satisfies(failed -> {
            assertThat(failed.problem()).isEqualTo(Answer.Problem.NOT_BELIEVED);
            assertThat(failed.words()).contains(words);
        });
    }

    private static Optional<String> probe(Transport transport) throws Exception {
        return new TlsProbe(SharedVertx.VERTX, TIMEOUT)
                .ask(new ServerAddress(postgres.host(), postgres.port()), transport)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static Answer query(Transport transport) throws Exception {
        return new ServerQuery(SharedVertx.VERTX, TIMEOUT)
                .ask(new Server(postgres.host(), postgres.port(), "admin", new Secret("password"), transport))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
