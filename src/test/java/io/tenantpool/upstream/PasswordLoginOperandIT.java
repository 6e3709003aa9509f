package io.tenantpool.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.PasswordAnswer;
import io.tenantpool.model.Secret;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.OperandTier;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real PostgreSQL says of a password. */
class PasswordLoginOperandIT {
    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void aRole() {
        postgres = OperandTier.postgres(30);
        postgres.createDatabase("acme", "acme", "right");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void the_right_password_is_accepted() throws Exception {
        assertThat(ask("acme", "right", "acme")).isEqualTo(PasswordAnswer.ACCEPTED);
    }

    @Test
    void a_wrong_password_and_an_unknown_role_are_rejected() throws Exception {
        assertThat(ask("acme", "wrong", "acme")).isEqualTo(PasswordAnswer.REJECTED);
        assertThat(ask("nobody", "right", "acme")).isEqualTo(PasswordAnswer.REJECTED);
    }

    @Test
    void a_database_that_is_not_there_yet_says_nothing_against_the_password() throws Exception {
        assertThat(ask("acme", "right", "late")).isEqualTo(PasswordAnswer.ACCEPTED);
        assertThat(ask("acme", "wrong", "late")).isEqualTo(PasswordAnswer.REJECTED);
    }

    @Test
    void a_database_that_the_role_may_not_enter_says_nothing_against_the_password() throws Exception {
        postgres.createDatabase("private", "owner", "owner");
        postgres.execute("REVOKE CONNECT ON DATABASE private FROM PUBLIC");

        assertThat(ask("acme", "right", "private")).isEqualTo(PasswordAnswer.ACCEPTED);
    }

    @Test
    void a_role_that_may_not_log_in_is_not_what_was_asked() throws Exception {
        postgres.execute("CREATE ROLE retired NOLOGIN PASSWORD 'right'");

        assertThat(ask("retired", "right", "acme")).isEqualTo(PasswordAnswer.UNCHECKED);
    }

    @Test
    void a_server_that_is_away_answers_nothing() throws Exception {
        assertThat(ask("acme", "right", "acme", freePort())).isEqualTo(PasswordAnswer.UNCHECKED);
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static PasswordAnswer ask(String role, String password, String database) throws Exception {
        return ask(role, password, database, postgres.port());
    }

    private static PasswordAnswer ask(String role, String password, String database, int port) throws Exception {
        return new PasswordLogin(SharedVertx.VERTX, Duration.ofSeconds(5))
                .ask(new Server(postgres.host(), port, role, new Secret(password), Transport.PLAIN), database)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
