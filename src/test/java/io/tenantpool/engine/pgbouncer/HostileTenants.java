package io.tenantpool.engine.pgbouncer;

import io.tenantpool.model.Placed;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.Given;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Tenants as a schema would let them in, and as somebody would write them who wants more than a tenant. */
final class HostileTenants {
    private static final List<String> TRICKS = List.of(
            "",
            " ",
            "a b",
            "*",
            "pgbouncer",
            "all",
            "postgres",
            "tenantpool_admin",
            "tenantpool_sentinel",
            "%include /etc/passwd",
            "[pgbouncer]",
            "x\n[pgbouncer]\nauth_type = any",
            "x\n* = host=evil",
            "x\r\ny = host=evil",
            "x\u0000y",
            "x\ty",
            "x\u007Fy",
            "x\u0085y",
            "x\u2028y",
            "x\uFEFFy",
            "\uD800",
            "x\uFFFDy",
            "it's",
            "'; auth_type=any; '",
            "\" \"other\" \"",
            "say \"hi\"",
            "\\'",
            ";comment",
            "#comment",
            "p=q host=evil",
            "\"app\" \"all",
            "x,y",
            "+group",
            "@file",
            "/regex",
            "a".repeat(63),
            "a".repeat(64),
            "é".repeat(40),
            "p".repeat(1000),
            "p".repeat(1001),
            "x".repeat(100_000));

    private HostileTenants() {}

    private static Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.of(TRICKS),
                Arbitraries.strings().all().ofMaxLength(80),
                Arbitraries.strings()
                        .withChars("a'\"\\\n\r\t;#%=[] ,\u2028\u0000")
                        .ofMaxLength(30));
    }

    private static Arbitrary<String> name() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars('_', '.', '-')
                .ofMinLength(1)
                .ofMaxLength(63);
    }

    /** Mostly what is meant, often enough not. */
    static Arbitrary<String> names() {
        return Arbitraries.frequencyOf(Tuple.of(8, name()), Tuple.of(2, hostile()));
    }

    /** Any text at all; most of it is a legal password. */
    static Arbitrary<String> passwords() {
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.strings().ascii().ofMaxLength(64)), Tuple.of(3, hostile()));
    }

    private static Arbitrary<Role> roles() {
        return Combinators.combine(names(), passwords())
                .as((name, password) -> new Role(name, new Secret(password), "team-a/" + name.hashCode()));
    }

    private static Arbitrary<UpstreamModel> upstreams() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(Given.UPSTREAM)),
                Tuple.of(
                        1,
                        Combinators.combine(hostile(), Arbitraries.integers())
                                .as((host, port) -> new UpstreamModel("default", host, port))));
    }

    /** A tenant that nobody checked. */
    static Arbitrary<TenantModel> tenants() {
        var clients = Arbitraries.integers().between(1, 50_000).injectNull(0.5);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1_000_000),
                        names(),
                        names(),
                        upstreams(),
                        roles().list().ofMinSize(1).ofMaxSize(3).uniqueElements(Role::name),
                        Arbitraries.integers().between(3, 1000),
                        clients)
                .as((number, pool, database, upstream, roles, size, limit) -> Given.tenantModel(
                        Given.id("t" + number),
                        1,
                        "2026-01-01T00:00:00Z",
                        pool,
                        database,
                        upstream,
                        roles,
                        List.of(Given.modelDoor("transaction", size, limit))));
    }

    /** The tenant on the door {@code transaction}. */
    static Placed placed(TenantModel tenant) {
        var door = tenant.doors().get(0);
        return Given.onePool(
                tenant.id(),
                tenant.poolName(),
                tenant.database(),
                tenant.upstream(),
                tenant.roles(),
                Given.listener("transaction", 6432).share(door.poolSize()),
                door.limits().maxClientConnectionsPerPod());
    }
}
