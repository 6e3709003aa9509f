package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.Placed;
import io.tenantpool.model.Planner;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.RealPooler;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tenant that was removed is out, whatever it tries and whatever it kept open. */
class RevocationOperandIT {
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void twoDatabases() {
        postgres = OperandTier.postgres(30);
        postgres.createDatabase("gone", "gone", "old-password");
        postgres.createDatabase("stays", "stays", "password");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void neither_the_old_nor_an_empty_password_opens_anything(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, ENGINE, both())) {
            pooler.login("gone", "gone", "old-password");

            pooler.serve(withoutTheOne());

            for (var database : List.of("gone", "stays", "pgbouncer")) {
                for (var password : List.of("old-password", "")) {
                    assertThatThrownBy(() -> pooler.login(database, "gone", password))
                            .as("login to %s with '%s'", database, password)
                            .hasMessageMatching(
                                    "(?s).*(no authentication method|SASL authentication failed|not allowed).*");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_tombstone_alone_refuses_the_old_password(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, ENGINE, both())) {
            pooler.login("gone", "gone", "old-password");
            var access = ENGINE.render(both()).projected().getOrDefault(PgBouncerNames.HBA, new Secret(""));
            pooler.serve(withoutTheOne());

            pooler.write(PgBouncerNames.HBA, access.value().replace("\"gone\" \"gone\"", "all \"gone\""));
            pooler.ask("RELOAD");

            assertThat(login(pooler, "stays", "gone", "old-password").refusal())
                    .hasValueSatisfying(words -> assertThat(words).contains("SASL authentication failed"));
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void connected_clients_of_the_removed_tenant_are_dropped(PgBouncerProgram program) throws SQLException {
        try (var pooler = RealPooler.start(program, ENGINE, both());
                var client = login(pooler, "gone", "gone", "old-password").open();
                var statement = client.createStatement()) {
            statement.execute("SELECT 1");

            pooler.serve(withoutTheOne());

            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void clients_of_other_tenants_notice_nothing(PgBouncerProgram program) throws SQLException {
        try (var pooler = RealPooler.start(program, ENGINE, both());
                var client = login(pooler, "stays", "stays", "password").open();
                var statement = client.createStatement()) {
            client.setAutoCommit(false);
            statement.execute("SELECT 1");

            pooler.serve(withoutTheOne());

            assertThatCode(() -> statement.execute("SELECT 1")).doesNotThrowAnyException();
            assertThatCode(() -> pooler.login("stays", "stays", "password")).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_tenant_that_returns_logs_in_with_its_new_password(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, ENGINE, both())) {
            pooler.serve(withoutTheOne());

            pooler.serve(both());

            assertThatCode(() -> pooler.login("gone", "gone", "old-password")).doesNotThrowAnyException();
        }
    }

    private static PoolerLogin login(RealPooler pooler, String database, String role, String password) {
        return new PoolerLogin(RealPooler.HOST, pooler.port(), database, role, password);
    }

    private static PoolerContent both() {
        return Given.content(tenant("gone", "old-password"), tenant("stays", "password"));
    }

    /** What the planner makes of it when the Tenant is gone. */
    private static PoolerContent withoutTheOne() {
        var before = both();
        var held = Given.held(before.id(), before.tenants(), new TreeSet<>(Set.of("gone", "stays")));
        return new Planner(Given.cluster("transaction"), List.of(held), Given.KEYS, Given.observed())
                .plan(List.of(), Set.of("uid-gone"))
                .poolers()
                .get(0);
    }

    private static Placed tenant(String name, String password) {
        return Given.onePool(
                Given.id(name),
                name,
                name,
                new UpstreamModel("default", postgres.host(), postgres.port()),
                List.of(new Role(name, new Secret(password), "team-a/" + name)),
                5,
                null);
    }
}
