package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Admission;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Finding;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.PlannedWorld;
import io.tenantpool.testing.RealPooler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However a role is removed: in the process that knew it, and in one that starts afterwards, neither its password nor an
 * empty one opens anything, and whoever else has it goes on.
 */
class RemovalOperandIT {
    private static final List<String> DATABASES = List.of("acme", "other");
    private static final String REFUSED =
            "(?s).*(no authentication method|SASL authentication failed|not allowed|no such database).*";

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void twoDatabasesAndFourRoles() {
        postgres = OperandTier.postgres(50);
        DATABASES.forEach(database -> postgres.createDatabase(database, database, password(database)));
        for (var role : List.of("ops", "shared")) {
            postgres.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + password(role) + "'");
        }
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    /**
     * What happens to the Tenant acme, whose roles are acme, ops and shared; the last is also other's.
     *
     * @param then the Tenants afterwards
     * @param gone UIDs of those that are known to be gone
     * @param closed pools and roles that nothing opens any more
     * @param open pools and roles that their passwords open as before
     */
    private record Removal(
            String name, List<Resolution> then, Set<String> gone, List<String> closed, List<String> open) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> removals() {
        var other = resolved(tenant("other", "other", "shared"));
        var all = tenant("acme", "acme", "ops", "shared");
        var refused = TenantResolver.notFound("poolers", "main", "team-a");
        return OperandTier.pgBouncers().flatMap(program -> Stream.of(
                        new Removal(
                                "the Tenant is deleted",
                                List.of(other),
                                Set.of("uid-acme"),
                                List.of("acme/acme", "acme/ops", "acme/shared"),
                                List.of("other/other", "other/shared")),
                        new Removal(
                                "its namespace is no longer admitted",
                                List.of(other, new Resolution.Refused(all.id(), 2, all.created(), refused)),
                                Set.of(),
                                List.of("acme/acme", "acme/ops", "acme/shared"),
                                List.of("other/other", "other/shared")),
                        new Removal(
                                "it is suspended",
                                List.of(other, resolved(PlannedWorld.suspended(all, 0))),
                                Set.of(),
                                List.of("acme/acme", "acme/ops", "acme/shared"),
                                List.of("other/other", "other/shared")),
                        new Removal(
                                "two of its users are removed, one of them also another's",
                                List.of(other, resolved(tenant("acme", "acme"))),
                                Set.of(),
                                List.of("acme/ops", "acme/shared"),
                                List.of("acme/acme", "other/other", "other/shared")),
                        new Removal(
                                "its Secret is deleted, which is no evidence that it should stop",
                                List.of(
                                        other,
                                        new Resolution.Refused(
                                                all.id(),
                                                2,
                                                all.created(),
                                                Finding.keeping(Reason.CredentialsNotFound, "spec.users: …"))),
                                Set.of(),
                                List.of(),
                                List.of("acme/acme", "acme/ops", "acme/shared", "other/other")))
                .map(removal -> Arguments.of(program, removal)));
    }

    @ParameterizedTest
    @MethodSource("removals")
    void what_was_removed_opens_nothing_in_a_process_that_knew_it_nor_in_a_new_one(
            PgBouncerProgram program, Removal removal) {
        var world = served();
        var before = plan(world, resolved(tenant("acme", "acme", "ops", "shared")), other());
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), before)) {
            removal.closed().forEach(door -> assertOpen(pooler, door));

            var after = world.plan(removal.then(), removal.gone()).poolers().get(0);
            pooler.serve(after);

            assertAsMeant(pooler, removal);
            try (var fresh = RealPooler.start(program, new PgBouncerEngine(), after)) {
                assertAsMeant(fresh, removal);
            }
            pooler.serve(after); // a RELOAD of the same again changes nothing
            assertAsMeant(pooler, removal);
        }
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void forgotten_roles_open_nothing_while_pods_are_replaced_and_new_pods_never_knew_them(PgBouncerProgram program) {
        var world = served();
        var before = plan(world, resolved(tenant("acme", "acme", "ops")), other());
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), before)) {
            assertOpen(pooler, "acme/acme");
            assertOpen(pooler, "acme/ops");
            pooler.serve(
                    world.plan(List.of(other()), Set.of("uid-acme")).poolers().get(0));
            world.forget(Given.pooler("transaction"));

            var forgotten = plan(world, other());
            pooler.serve(forgotten);

            assertThat(forgotten.tombstones()).isEmpty();
            List.of("acme/acme", "acme/ops").forEach(door -> assertClosed(pooler, door));
            assertOpen(pooler, "other/shared");
            try (var fresh = RealPooler.start(program, new PgBouncerEngine(), forgotten)) {
                assertThat(fresh.ask("SHOW USERS"))
                        .extracting(row -> row.get("name"))
                        .contains("other", "shared")
                        .doesNotContain("acme", "ops");
                List.of("acme/acme", "acme/ops").forEach(door -> assertClosed(fresh, door));
                assertOpen(fresh, "other/shared");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_role_that_returns_after_it_was_forgotten_has_its_new_password_and_no_other(PgBouncerProgram program) {
        var world = served();
        var before = plan(world, resolved(tenant("acme", "acme")), other());
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), before)) {
            assertOpen(pooler, "acme/acme");
            pooler.serve(
                    world.plan(List.of(other()), Set.of("uid-acme")).poolers().get(0));
            world.forget(Given.pooler("transaction"));
            pooler.serve(plan(world, other()));
            world.forget();
            postgres.execute("ALTER ROLE acme PASSWORD 'a new one'");

            var role = new Role("acme", new Secret("a new one"), "team-b/acme-db");
            pooler.serve(plan(world, resolved(tenant("acme", List.of(role))), other()));

            assertThatCode(() -> pooler.login("acme", "acme", "a new one")).doesNotThrowAnyException();
            assertThatThrownBy(() -> pooler.login("acme", "acme", password("acme")))
                    .hasMessageContaining("SASL authentication failed");
        } finally {
            postgres.execute("ALTER ROLE acme PASSWORD '" + password("acme") + "'");
        }
    }

    private static void assertAsMeant(RealPooler pooler, Removal removal) {
        removal.closed().forEach(door -> assertClosed(pooler, door));
        removal.open().forEach(door -> assertOpen(pooler, door));
    }

    /** Its own pool is shut, and no other pool nor the console is open for it instead. */
    private static void assertClosed(RealPooler pooler, String door) {
        var role = door.substring(door.indexOf('/') + 1);
        for (var password : List.of(password(role), "")) {
            for (var pool : List.of(door.substring(0, door.indexOf('/')), PgBouncerNames.CONSOLE)) {
                assertThatThrownBy(() -> pooler.login(pool, role, password))
                        .as("%s as %s with '%s'", pool, role, password)
                        .hasMessageMatching(REFUSED);
            }
        }
    }

    private static void assertOpen(RealPooler pooler, String door) {
        var role = door.substring(door.indexOf('/') + 1);
        assertThatCode(() -> pooler.login(door.substring(0, door.indexOf('/')), role, password(role)))
                .as(door)
                .doesNotThrowAnyException();
    }

    private static PlannedWorld served() {
        return new PlannedWorld(new ClusterModel(
                "poolers",
                "main",
                List.of(PlannedWorld.pods(2)),
                Map.of("default", upstream()),
                Map.of(),
                Map.of(),
                Admission.OPEN,
                500,
                ServerTls.PLAIN,
                Set.of()));
    }

    private static UpstreamModel upstream() {
        return new UpstreamModel("default", postgres.host(), postgres.port());
    }

    private static PoolerContent plan(PlannedWorld world, Resolution... resolutions) {
        return world.plan(List.of(resolutions), Set.of()).poolers().get(0);
    }

    private static Resolution other() {
        return resolved(tenant("other", "other", "shared"));
    }

    private static Resolution resolved(TenantModel tenant) {
        return new Resolution.Resolved(tenant);
    }

    private static TenantModel tenant(String name, String... roles) {
        return tenant(
                name,
                Stream.of(roles)
                        .map(role -> new Role(role, new Secret(password(role)), "team-a/" + role + "-db"))
                        .toList());
    }

    private static TenantModel tenant(String name, List<Role> roles) {
        return Given.tenantModel(
                Given.id(name),
                1,
                "2026-01-01T00:00:00Z",
                name,
                name,
                upstream(),
                roles,
                List.of(Given.modelDoor("transaction", 10, null)));
    }

    private static String password(String role) {
        return "password of " + role;
    }
}
