package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.Placed;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the real program parsed is what was meant, and everybody can log in. */
class RenderingOperandIT {
    private static final int TENANTS = 300;
    private static final List<String> DATABASES = List.of("plain", "Data Base", "a.b-c", "x$y");
    private static final String[] PIECES = {
        "'",
        "\"",
        "\\",
        ";",
        "#",
        "%",
        "=",
        " ",
        "$",
        "[pgbouncer]",
        "%include x",
        "ä",
        "€",
        "漢字",
        "a",
        "Z",
        "7",
        "''",
        "\"\""
    };

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @SuppressWarnings("NullAway.Init")
    private static PoolerContent content;

    @BeforeAll
    static void manyTenants() {
        postgres = OperandTier.postgres(50);
        var random = new Random(42);
        var tenants =
                IntStream.range(0, TENANTS).mapToObj(i -> tenant(i, random)).toArray(Placed[]::new);
        content = Given.content(tenants);
        var statements = new ArrayList<String>();
        DATABASES.forEach(database -> statements.add("CREATE DATABASE \"" + database + "\""));
        for (var tenant : tenants) {
            var role = tenant.roles().get(0);
            statements.add("CREATE ROLE \"%s\" LOGIN PASSWORD '%s'"
                    .formatted(role.name(), role.password().value().replace("'", "''")));
        }
        postgres.execute(statements.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    private static Placed tenant(int number, Random random) {
        var password = new StringBuilder("p");
        for (var i = random.nextInt(8); i >= 0; i--) {
            password.append(PIECES[random.nextInt(PIECES.length)]);
        }
        password.append(number);
        return Given.onePool(
                Given.id("t" + number),
                "tenant_%03d.x-%d".formatted(number, number % 7),
                DATABASES.get(number % DATABASES.size()),
                new UpstreamModel("default", postgres.host(), postgres.port()),
                List.of(new Role("Role_" + number + "@t$-.", new Secret(password.toString()), "team-a/s" + number)),
                1 + number % 20,
                number % 3 == 0 ? 100 + number : null);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_program_parsed_what_was_meant(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), content)) {
            var databases = byName(pooler.ask("SHOW DATABASES"));
            var users = byName(pooler.ask("SHOW USERS")).keySet();
            var config = pooler.config();

            assertThat(databases).hasSize(TENANTS + 1).containsKey("pgbouncer");
            assertThat(content.tenants()).allSatisfy(tenant -> assertThat(databases.get(tenant.poolName()))
                    .containsAllEntriesOf(meant(tenant))
                    .satisfies(row -> assertThat(row.get("max_client_connections"))
                            .isEqualTo(
                                    tenant.limits().maxClientConnectionsPerPod() == null
                                            ? "0"
                                            : tenant.limits()
                                                    .maxClientConnectionsPerPod()
                                                    .toString())));
            assertThat(users)
                    .containsAll(content.tenants().stream()
                            .map(tenant -> tenant.roles().get(0).name())
                            .toList())
                    .contains(PgBouncerNames.ADMIN, PgBouncerNames.SENTINEL);
            assertThat(config)
                    .containsEntry("pool_mode", "transaction")
                    .containsEntry("auth_type", "hba")
                    .containsEntry("admin_users", PgBouncerNames.ADMIN)
                    .containsEntry("stats_users", PgBouncerNames.SENTINEL)
                    .containsEntry("max_client_conn", "1000")
                    .containsEntry("default_pool_size", "10")
                    .containsEntry("max_prepared_statements", "200")
                    .containsEntry("query_wait_timeout", "10")
                    .containsEntry("server_login_retry", "1")
                    .containsEntry("unix_socket_dir", "");
            assertThat(pooler.log()).noneMatch(line -> line.contains("WARNING") || line.contains("ERROR"));
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everybody_can_log_in_whatever_the_password(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), content)) {
            assertThat(content.tenants())
                    .allSatisfy(tenant -> assertThat(loginOf(tenant, pooler)).isEqualTo(tenant.database()));
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void nobody_enters_the_pool_of_another_tenant(PgBouncerProgram program) {
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), content)) {
            var tenants = content.tenants();
            for (int i = 0; i < TENANTS; i++) {
                var stranger = tenants.get(i);
                var pool = tenants.get((i + 1) % TENANTS).poolName();
                assertThatThrownBy(() -> loginOf(stranger, pool, pooler))
                        .isInstanceOf(SQLException.class)
                        .hasMessageMatching("(?s).*(login rejected|no authentication method|authentication failed).*");
            }
        }
    }

    private static String loginOf(Placed tenant, RealPooler pooler) throws SQLException {
        return loginOf(tenant, tenant.poolName(), pooler);
    }

    private static String loginOf(Placed tenant, String pool, RealPooler pooler) throws SQLException {
        var role = tenant.roles().get(0);
        var login = new PoolerLogin(
                RealPooler.HOST,
                pooler.port(),
                pool,
                role.name(),
                role.password().value());
        try (var connection = login.open();
                var statement = connection.createStatement()) {
            // Left in the middle of a transaction, so that the server connection goes at once.
            statement.execute("BEGIN");
            try (var rows = statement.executeQuery("SELECT current_database()")) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private static Map<String, String> meant(Placed tenant) {
        return Map.of(
                "host", tenant.upstream().host(),
                "port", Integer.toString(tenant.upstream().port()),
                "database", tenant.database(),
                "force_user", "null",
                "pool_size", Integer.toString(tenant.connectionsPerRole()),
                "max_connections", Integer.toString(tenant.grant().perPod()));
    }

    private static Map<String, Map<String, String>> byName(List<Map<String, String>> rows) {
        return rows.stream().collect(Collectors.toMap(row -> row.getOrDefault("name", ""), Function.identity()));
    }
}
