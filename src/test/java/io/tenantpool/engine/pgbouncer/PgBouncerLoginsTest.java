package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.Login;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error texts of PgBouncer 1.24 to 1.26 and of PostgreSQL through it, and what each means. */
class PgBouncerLoginsTest {
    @ParameterizedTest(name = "{1} means {2}")
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            08P01 | no such database: acme                                                                 | POOLER_REFUSED
            08P01 | SASL authentication failed                                                             | POOLER_REFUSED
            08P01 | no authentication method is found                                                      | POOLER_REFUSED
            08P01 | no more connections allowed (max_client_conn)                                          | POOLER_REFUSED
            08P01 | client connections exceeded (max_db_client_connections)                                | BUSY
            08P01 | client connections exceeded (max_user_client_connections)                              | BUSY
            08P01 | query_wait_timeout                                                                     | UPSTREAM_UNREACHABLE
            3D000 | database "acme" does not exist                                                         | DATABASE_NOT_FOUND
            08P01 | server login has been failing, cached error: database "acme" does not exist            | DATABASE_NOT_FOUND
            28P01 | password authentication failed for user "app"                                          | AUTHENTICATION_FAILED
            28000 | role "app" does not exist                                                              | AUTHENTICATION_FAILED
            28000 | no pg_hba.conf entry for host "10.0.0.1", user "app", database "acme", no encryption   | AUTHENTICATION_FAILED
            08P01 | server login has been failing, cached error: password authentication failed for user "app" | AUTHENTICATION_FAILED
            08P01 | server login has been failing, cached error: role "app" does not exist                 | AUTHENTICATION_FAILED
            08P01 | server login has been failing, cached error: connect failed                            | UPSTREAM_UNREACHABLE
            08P01 | server login has been failing, try again later (server_login_retry)                    | UPSTREAM_UNREACHABLE
            57P03 | the database system is starting up                                                     | UPSTREAM_UNREACHABLE
            57P01 | terminating connection due to administrator command                                    | UPSTREAM_UNREACHABLE
            42501 | permission denied for database "acme"                                                  | REFUSED
            53300 | too many connections for role "app"                                                    | REFUSED
            08P01 | bouncer config error                                                                   | REFUSED
            -     | SASL authentication failed                                                             | POOLER_REFUSED
            """)
    void an_error_of_the_pooler_means(@Nullable String sqlState, String message, Login login) {
        assertThat(new PgBouncerEngine().classify(sqlState, message)).isEqualTo(login);
    }
}
