package io.tenantpool.engine.pgbouncer;

import static io.tenantpool.testing.Given.KEYS;
import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.placed;
import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.api.v1alpha1.Upstream.TlsMode;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolGrant;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.Standing;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole text of every file that a pooler reads, one directory for each situation. */
class PgBouncerGoldenTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden/pgbouncer");
    private static final String REWRITE = "./mvnw test -Dtest=PgBouncerGoldenTest -Dgolden.write=true";

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void the_files_are_the_committed_ones(String name) throws IOException {
        var rendered = rendered(situation(name));
        var directory = DIRECTORY.resolve(name);
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(directory);
            for (var file : rendered.entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
        }

        assertThat(committed(directory))
                .as("%s differs; when that is meant: %s", directory, REWRITE)
                .isEqualTo(rendered);
    }

    @Test
    void every_directory_is_a_case() throws IOException {
        try (var directories = Files.list(DIRECTORY)) {
            assertThat(directories.map(directory -> directory.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(cases().toList());
        }
    }

    /** It is only copied, so that it needs to be none. */
    private static final String CA = "-----BEGIN CERTIFICATE-----\nY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";

    static Stream<String> cases() {
        return Stream.of("nobody", "one-tenant", "odd-passwords", "shared-role", "removed-tenant", "everything");
    }

    private static PoolerContent situation(String name) {
        return switch (name) {
            case "nobody" -> Given.content();
            case "one-tenant" -> Given.content(placed("acme"));
            case "odd-passwords" ->
                Given.content(
                        odd("quote", "it's \"quoted\""), odd("backslash", "\\n\\"), odd("utf", "pä55 wörd; #1 %x=y"));
            case "shared-role" -> Given.content(placed("b", "b", role("app")), placed("a", "a", role("app")));
            case "removed-tenant" -> removed();
            case "everything" -> everything();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Peers, limits of roles now and before, replicas, a warm pool, and tenants that are drained or suspended. */
    private static PoolerContent everything() {
        var warm = new Placed(
                id("acme"),
                "shop.acme-1",
                "Shop of Acme",
                new UpstreamModel("west", "10.0.0.7,10.0.0.8,pg-2.db.svc", 5433),
                List.of(role("owner"), role("Reader$1"), role("ops@acme")),
                new PoolGrant(20, 10, 10, 9),
                new DoorLimits(200, 3, null),
                Standing.SERVING);
        var limited = new Placed(
                id("limited"),
                "limited",
                "limited",
                Given.UPSTREAM,
                List.of(role("batch")),
                new PoolGrant(5, 3, 20, 2),
                new DoorLimits(null, null, 30),
                Standing.SERVING);
        var drained = placed("drained").withStanding(Standing.draining(Given.NOW.plusSeconds(60)));
        var suspended = placed("suspended").withStanding(Standing.SUSPENDED);
        var tombstones = new TreeMap<String, Secret>();
        tombstones.put("removed", new Secret("a-tombstone"));
        tombstones.put("suspended", new Secret("another-tombstone"));
        return new PoolerContent(
                Given.pooler("readonly"),
                new ListenerModel("readonly", "Transaction", Upstream.Role.Replica, 6434, 2, 2, null, 1000, 20, 60),
                List.of(drained, limited, warm, suspended),
                tombstones,
                new TreeSet<>(Set.of("batch", "owner", "removed")),
                new TreeMap<>(Map.of(4711, "10.1.0.4", 12, "10.1.0.5", 16_383, "fd00::17")),
                true,
                new Forgetting(1_770_000_000, 0),
                new ServerTls(
                        TlsMode.VerifyFull,
                        new TreeMap<>(Map.of("west", new TreeSet<>(Set.of(CA)), "default", new TreeSet<>(Set.of(CA))))),
                KEYS);
    }

    private static Placed odd(String name, String password) {
        return placed(name, name, new Role(name, new Secret(password), "team-a/" + name));
    }

    private static PoolerContent removed() {
        var served = Given.content(placed("acme"));
        var tombstones = new TreeMap<String, Secret>();
        tombstones.put("removed", new Secret("a-tombstone"));
        return Given.poolerContent(served.id(), served.listener(), served.tenants(), tombstones, KEYS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void the_files_say_all_that_the_operator_has_to_know_after_a_restart(String name) {
        var content = situation(name);

        assertThat(PlanSteps.forgetful(PlanSteps.readBack(content)))
                .isEqualTo(PlanSteps.forgetful(HeldPooler.of(content)));
    }

    private static Map<String, String> rendered(PoolerContent content) {
        var engine = new PgBouncerEngine();
        var files = engine.render(content);
        var texts = new TreeMap<String, String>(engine.settings(content.listener()));
        files.projected().forEach((file, text) -> texts.put(file, text.value()));
        return texts;
    }

    private static Map<String, String> committed(Path directory) throws IOException {
        var texts = new TreeMap<String, String>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
