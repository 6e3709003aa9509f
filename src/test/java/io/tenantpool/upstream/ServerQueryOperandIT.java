package io.tenantpool.upstream;

import static io.tenantpool.upstream.SharedVertx.VERTX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.model.Secret;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Problem;
import io.tenantpool.upstream.Answer.Told;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real PostgreSQL tells. */
class ServerQueryOperandIT {
    private static final String PASSWORD = "right";

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void aRoleWithoutPrivileges() {
        postgres = OperandTier.postgres(40);
        postgres.createRole("admin", PASSWORD);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void the_limit_is_what_superusers_leave() throws SQLException {
        var settings = settings();

        assertThat(settings.maxConnections()).isEqualTo(40);
        assertThat(settings.reservedForSuperusers()).isEqualTo(reserved());
        assertThat(settings.available()).isEqualTo(40 - reserved());
    }

    @Test
    void clients_of_other_roles_are_counted_though_the_role_may_not_look_at_them() throws SQLException {
        try (var one = postgres.superuser("postgres");
                var another = postgres.superuser("template1")) {
            assertThat(one.isValid(5) && another.isValid(5)).isTrue();

            assertThat(settings().inUse()).isEqualTo(3);
        }
    }

    @Test
    void a_role_that_may_look_counts_the_same() throws SQLException {
        postgres.createRole("monitor", PASSWORD);
        postgres.execute("GRANT pg_read_all_stats TO monitor");
        try (var one = postgres.superuser("postgres");
                var another = postgres.superuser("template1")) {
            assertThat(one.isValid(5) && another.isValid(5)).isTrue();

            assertThat(settings("monitor").inUse()).isEqualTo(3);
        }
    }

    @Test
    void nothing_stays_connected() {
        assertThat(settings().inUse()).isPositive();
        assertThat(ask("admin", "wrong")).isInstanceOf(Failed.class);

        await().atMost(Duration.ofSeconds(2)).until(() -> postgres.clientConnections() == 0);
    }

    @ParameterizedTest
    @CsvSource({"admin, wrong", "nobody, right"})
    void credentials_that_are_wrong_are_told(String user, String password) {
        assertThat(ask(user, password)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.problem()).isEqualTo(Problem.AUTHENTICATION_FAILED);
            assertThat(failed.words()).contains("password authentication failed for user \"" + user + "\"");
        });
    }

    @Test
    void a_role_that_may_not_log_in_is_told() {
        postgres.createRole("sleeping", PASSWORD);
        postgres.execute("ALTER ROLE sleeping NOLOGIN");

        assertThat(ask("sleeping", PASSWORD))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.problem()).isEqualTo(Problem.AUTHENTICATION_FAILED));
    }

    @Test
    void a_server_that_is_full_says_so_itself() throws SQLException {
        postgres.execute("ALTER ROLE admin CONNECTION LIMIT 1");
        try (var connection = DriverManager.getConnection(
                "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/postgres", "admin", PASSWORD)) {
            assertThat(connection.isValid(5)).isTrue();

            assertThat(ask("admin", PASSWORD)).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.problem()).isEqualTo(Problem.OTHER);
                assertThat(failed.words()).contains("too many connections for role");
            });
        } finally {
            postgres.execute("ALTER ROLE admin CONNECTION LIMIT -1");
        }
    }

    @ParameterizedTest
    @CsvSource({"LATIN1", "SQL_ASCII", "EUC_JP"})
    void a_database_with_another_encoding_is_asked_like_any_other(String encoding) throws SQLException {
        try (var connection = postgres.superuser("template1");
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE postgres WITH (FORCE)");
            statement.execute("CREATE DATABASE postgres TEMPLATE template0 ENCODING '" + encoding
                    + "' LC_COLLATE 'C' LC_CTYPE 'C'");
        }

        assertThat(settings().maxConnections()).isEqualTo(40);
    }

    private static int reserved() throws SQLException {
        try (var connection = postgres.superuser("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT sum(setting::int) FROM pg_settings"
                        + " WHERE name IN ('superuser_reserved_connections', 'reserved_connections')")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static ServerSettings settings() {
        return settings("admin");
    }

    private static ServerSettings settings(String user) {
        var answer = ask(user, PASSWORD);
        assertThat(answer).isInstanceOf(Told.class);
        return ((Told) answer).settings();
    }

    private static Answer ask(String user, String password) {
        return new ServerQuery(VERTX, Duration.ofSeconds(3))
                .ask(new Server(postgres.host(), postgres.port(), user, new Secret(password), Transport.PLAIN))
                .toCompletableFuture()
                .orTimeout(15, TimeUnit.SECONDS)
                .join();
    }
}
