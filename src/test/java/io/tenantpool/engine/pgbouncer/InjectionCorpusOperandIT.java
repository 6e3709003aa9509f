package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.HostileTexts;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.PgBouncerProgram;
import io.tenantpool.testing.RealPooler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every text that a Tenant and its Secrets can hold, each set to every text of the corpus, without a schema before it:
 * refused, or the real program holds exactly what was meant and nothing else.
 */
class InjectionCorpusOperandIT {
    private static final long SEED = 20_260_305;
    private static final int RANDOM = 10_000;
    private static final int TENANTS_PER_POOLER = 2_000;
    private static final int LOGINS = 300;
    private static final String VICTIM = "victim";

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgresServer postgres;

    @BeforeAll
    static void start() {
        postgres = OperandTier.postgres(50);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    static Stream<PgBouncerProgram> programs() {
        return OperandTier.pgBouncers();
    }

    /** A tenant with one hostile text, as it was asked for. */
    private record Asked(String field, String pool, String database, String role, String password) {
        static Asked ordinary(String field, int number) {
            return new Asked(field, "t" + number, "base", "r" + number, "password " + number);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void no_text_of_a_tenant_does_more_than_it_says(PgBouncerProgram program) {
        var count = new Count();
        var accepted = accepted(count);
        var logins = 0;
        try (var pooler = RealPooler.start(program, new PgBouncerEngine(), content(List.of()))) {
            var settings = settings(pooler);
            var users = new HashSet<String>();
            for (var from = 0; from < accepted.size(); from += TENANTS_PER_POOLER) {
                var part = accepted.subList(from, Math.min(accepted.size(), from + TENANTS_PER_POOLER));
                pooler.serve(content(part));
                part.forEach(tenant -> users.add(tenant.role()));
                var lines = databases(pooler).entrySet();
                var meant = expected(part).entrySet();
                assertThat(lines).as("the pools").hasSameSizeAs(meant);
                assertThat(lines.stream().filter(line -> !meant.contains(line)).toList())
                        .as("lines that nobody meant")
                        .isEmpty();
                part.forEach(tenant -> count.held(true));
                assertThat(settings(pooler)).isEqualTo(settings);
                logins += logIn(pooler, part);
            }
            users.addAll(List.of(VICTIM, PgBouncerNames.ADMIN, PgBouncerNames.SENTINEL, PgBouncerNames.CONSOLE));
            var known = users(pooler);
            assertThat(difference(known, users)).as("users that nobody meant").isEmpty();
            assertThat(difference(users, known)).as("users that are missing").isEmpty();
            assertThat(pooler.log())
                    .noneMatch(line -> line.matches(
                                    ".*(parse|syntax|invalid|broken|unknown|failed to load|cannot|skipping|truncat).*")
                            && !line.contains("closing because"));
        }
        System.out.printf(
                "Tenant and Secrets without a schema, PgBouncer %s, seed %d: %s; %d passwords logged in%n",
                program.version(), SEED, count, logins);
        assertThat(count.escaped()).isZero();
        assertThat(count.isComplete()).isTrue();
        assertThat(logins).isGreaterThan(LOGINS / 2);
    }

    /** What is accepted and reaches a file; what is accepted and reaches none is counted as held. */
    private static List<Asked> accepted(Count count) {
        var known = HostileTexts.known();
        var texts = Stream.concat(known.stream(), HostileTexts.random(SEED, RANDOM).stream())
                .toList();
        var cluster = HostileSpecs.poolerCluster(HostileSpecs.example("PoolerCluster"))
                .orElseThrow();
        var example = HostileSpecs.example("Tenant");
        var accepted = new ArrayList<Asked>();
        var pools = new HashSet<String>();
        var roles = new HashSet<String>();
        for (var text : texts) {
            for (var asked : variants(example, text, count)) {
                count.tried(asked.asked().field());
                var model = HostileSpecs.tenant(
                        cluster,
                        "acme",
                        asked.spec(),
                        Map.of(
                                "username",
                                asked.asked().role(),
                                "password",
                                asked.asked().password()));
                if (model.isEmpty()) {
                    count.refused();
                } else if (!isAsked(model.get(), asked.asked())) {
                    count.held(false);
                } else if (asked.reachesNoFile()
                        || !pools.add(asked.asked().pool())
                        || !roles.add(asked.asked().role())) {
                    count.held(true); // or two texts that mean the same, of which the planner takes one
                } else {
                    accepted.add(asked.asked());
                }
            }
        }
        return accepted;
    }

    /**
     * @param reachesNoFile whether the files are the same whatever the text
     */
    private record Variant(ObjectNode spec, Asked asked, boolean reachesNoFile) {}

    private static List<Variant> variants(ObjectNode example, String text, Count count) {
        var number = 100 * count.texts(); // no two variants share a pool or a role by accident
        var variants = new ArrayList<Variant>();
        for (var field : HostileSpecs.fields("Tenant")) {
            var spec = example.deepCopy();
            var before = Asked.ordinary(field.toString(), number++);
            spec.put("poolName", before.pool());
            var asked =
                    switch (field.toString()) {
                        case "spec.poolName" ->
                            new Asked(before.field(), text, before.database(), before.role(), before.password());
                        case "spec.database" ->
                            new Asked(before.field(), before.pool(), text, before.role(), before.password());
                        default -> before;
                    };
            variants.add(new Variant(field.replaced(spec, text), asked, asked.equals(before)));
        }
        var both = example.deepCopy();
        both.remove("poolName");
        both.put("database", text);
        variants.add(new Variant(both, new Asked("spec.database for both", text, text, "r" + number++, "x"), false));
        var name = "t" + number++;
        var spec = example.deepCopy().put("poolName", name);
        variants.add(new Variant(spec, new Asked("username", name, "base", text, "x"), false));
        name = "t" + number;
        spec = example.deepCopy().put("poolName", name);
        variants.add(new Variant(spec, new Asked("password", name, "base", "r" + number, text), false));
        return variants;
    }

    private static boolean isAsked(TenantModel model, Asked asked) {
        return model.poolName().equals(asked.pool())
                && model.database().equals(asked.database())
                && model.upstream().host().equals("pg-rw.db.svc")
                && model.roles().size() == 1
                && model.roles().get(0).name().equals(asked.role())
                && model.roles().get(0).password().value().equals(asked.password());
    }

    private static PoolerContent content(List<Asked> tenants) {
        var placed = new ArrayList<Placed>();
        placed.add(placed(new Asked("", VICTIM, "base", VICTIM, "password of the victim"), -1));
        for (var i = 0; i < tenants.size(); i++) {
            placed.add(placed(tenants.get(i), i));
        }
        return Given.content(placed.toArray(Placed[]::new));
    }

    private static Placed placed(Asked asked, int number) {
        return Given.onePool(
                Given.id("t" + number),
                asked.pool(),
                asked.database(),
                new UpstreamModel("default", postgres.host(), postgres.port()),
                List.of(new Role(asked.role(), new Secret(asked.password()), "team-a/" + number)),
                5,
                null);
    }

    /** Every column that a line sets, by the name of the pool. */
    private static Map<String, List<String>> databases(RealPooler pooler) {
        var databases = new HashMap<String, List<String>>();
        for (var row : pooler.ask("SHOW DATABASES")) {
            databases.put(
                    row.get("name"),
                    Stream.of("host", "port", "database", "force_user", "pool_size", "max_connections", "pool_mode")
                            .map(row::get)
                            .map(Objects::toString)
                            .toList());
        }
        databases.remove(PgBouncerNames.CONSOLE);
        return databases;
    }

    private static Map<String, List<String>> expected(List<Asked> tenants) {
        var expected = new HashMap<String, List<String>>();
        expected.put(VICTIM, line("base"));
        tenants.forEach(tenant -> expected.put(tenant.pool(), line(tenant.database())));
        return expected;
    }

    private static List<String> line(String database) {
        return List.of(postgres.host(), Integer.toString(postgres.port()), database, "null", "5", "5", "null");
    }

    private static Set<String> users(RealPooler pooler) {
        return pooler.ask("SHOW USERS").stream()
                .map(row -> Objects.toString(row.get("name")))
                .collect(Collectors.toSet());
    }

    private static Set<String> difference(Set<String> more, Set<String> fewer) {
        var rest = new HashSet<>(more);
        rest.removeAll(fewer);
        return rest;
    }

    private static Map<String, String> settings(RealPooler pooler) {
        var settings = pooler.config();
        settings.remove("syslog_ident");
        return settings;
    }

    /**
     * A password that a client can type is the one that was written: the pooler lets it in, and only PostgreSQL, which
     * knows no such role, refuses. And it opens nobody else's pool.
     */
    private static int logIn(RealPooler pooler, List<Asked> tenants) {
        var logins = 0;
        var typed = tenants.stream()
                .filter(tenant -> tenant.password().chars().allMatch(c -> c >= 0x20 && c < 0x7F))
                .filter(tenant -> tenant.password().length() <= 100)
                .toList();
        var step = Math.max(1, typed.size() / (LOGINS / 5));
        for (var i = 0; i < typed.size(); i += step) {
            var tenant = typed.get(i);
            assertThatThrownBy(() -> pooler.login(tenant.pool(), tenant.role(), tenant.password()))
                    .as("%s", tenant)
                    .hasMessageNotContainingAny(
                            "SASL authentication failed", "no authentication method", "no such database");
            assertThatThrownBy(() -> pooler.login(VICTIM, tenant.role(), tenant.password()))
                    .as("%s at the victim's", tenant)
                    .hasMessageContaining("no authentication method");
            logins++;
        }
        assertThatThrownBy(() -> pooler.login(VICTIM, VICTIM, "another password"))
                .hasMessageContaining("SASL authentication failed");
        assertThatThrownBy(() -> pooler.login(VICTIM, VICTIM, "password of the victim"))
                .hasMessageNotContaining("SASL authentication failed");
        return logins;
    }
}
