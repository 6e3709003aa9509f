package io.tenantpool.model;

import static io.tenantpool.testing.Given.cluster;
import static io.tenantpool.testing.Given.door;
import static io.tenantpool.testing.Given.tenantObject;
import static io.tenantpool.testing.Given.tenantSpec;
import static io.tenantpool.testing.Given.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.AllowedTenants;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.TenantListener;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.api.v1alpha1.TenantUser;
import io.tenantpool.testing.Given;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every finding names its field and the remedy. */
class TenantResolverTest {
    private final Map<String, Map<String, String>> secrets = new HashMap<>();
    private final ClusterModel cluster = cluster("transaction", "second");
    private AllowedTenants.From from = AllowedTenants.From.All;
    private TenantCheck check = tenant -> Optional.empty();

    @BeforeEach
    void aSecret() {
        secrets.put("team-a/acme-db", Map.of("username", "app", "password", "pw"));
    }

    @Test
    void a_tenant_with_nothing_but_its_database_gets_every_default() {
        var model = resolved(tenantSpec("acme"));

        assertThat(model.poolName()).isEqualTo("acme");
        assertThat(model.upstream().name()).isEqualTo("default");
        assertThat(model.roles()).containsExactly(new Role("app", new Secret("pw"), "team-a/acme-db"));
        assertThat(model.doors())
                .containsExactly(Given.modelDoor("transaction", 20, null), Given.modelDoor("second", 20, null));
    }

    @Test
    void a_tenant_gets_what_it_asks_for() {
        var listener = new TenantListener("second", 7, null, 30, null, null);

        var model = resolved(spec("default", "shop", List.of(user("app", "acme-db")), List.of(listener)));

        assertThat(model.poolName()).isEqualTo("shop");
        assertThat(model.doors()).containsExactly(Given.modelDoor("second", 7, 30));
    }

    @Test
    void a_forbidden_pooler_cluster_looks_like_one_that_does_not_exist() {
        from = AllowedTenants.From.Same;

        var finding = refused(tenantSpec("acme"));

        assertThat(finding).isEqualTo(TenantResolver.notFound("poolers", "main", "team-a"));
        assertThat(finding.revokes()).isTrue();
        assertThat(finding.message()).contains("spec.poolerClusterRef", "poolers/main", "spec.allowedTenants");
    }

    @Test
    void an_unknown_upstream_is_told_beside_those_that_exist() {
        var finding = refused(spec("other", null, List.of(user("app", "acme-db")), null));

        assertKept(finding, Reason.UpstreamNotFound, "spec.upstream", "'other'", "[default]");
    }

    @Test
    void an_unknown_listener_is_told_beside_those_that_exist() {
        var finding = refused(spec("default", null, List.of(user("app", "acme-db")), List.of(door("x", 1))));

        assertKept(finding, Reason.ListenerNotFound, "spec.listeners[x].name", "[second, transaction]");
    }

    @Test
    void a_missing_secret_is_told_with_the_command_that_labels_it() {
        secrets.clear();

        var finding = refused(tenantSpec("acme"));

        assertKept(
                finding,
                Reason.CredentialsNotFound,
                "spec.users[app].credentialsSecretRef.name",
                "kubectl -n team-a label secret acme-db tenantpool.io/credentials=true");
    }

    @Test
    void a_secret_without_a_password_is_told_with_the_key() {
        secrets.put("team-a/acme-db", Map.of("username", "app"));

        assertKept(
                refused(tenantSpec("acme")),
                Reason.CredentialsInvalid,
                "spec.users[app]",
                "team-a/acme-db",
                "'password'",
                "kubernetes.io/basic-auth");
    }

    @Test
    void a_secret_with_an_empty_username_is_told_with_the_key() {
        secrets.put("team-a/acme-db", Map.of("username", "", "password", "pw"));

        assertKept(refused(tenantSpec("acme")), Reason.CredentialsInvalid, "spec.users[app]", "'username'");
    }

    @Test
    void two_users_of_one_role_are_one_too_many() {
        secrets.put("team-a/other", Map.of("username", "app", "password", "other"));

        var finding = refused(spec("default", null, List.of(user("app", "acme-db"), user("b", "other")), null));

        assertKept(finding, Reason.CredentialsInvalid, "spec.users[b]", "remove one of them");
    }

    @Test
    void a_tenant_without_users_is_refused() {
        assertKept(
                refused(spec("default", null, List.of(), null)),
                Reason.CredentialsNotFound,
                "spec.users",
                "at least one user");
    }

    @Test
    void a_pool_too_small_for_its_users_is_told_with_the_number_that_would_do() {
        secrets.put("team-a/other", Map.of("username", "other", "password", "other"));
        var users = List.of(user("app", "acme-db"), user("b", "other"));

        var finding = refused(spec("default", null, users, List.of(door("transaction", 2))));

        assertKept(finding, Reason.PoolSizeInvalid, "spec.listeners[transaction].poolSize", "set at least 3");
    }

    @Test
    void the_number_that_would_do_does() {
        secrets.put("team-a/other", Map.of("username", "other", "password", "other"));
        var users = List.of(user("app", "acme-db"), user("b", "other"));

        var model = resolved(spec("default", null, users, List.of(door("transaction", 3))));

        assertThat(model.doors()).containsExactly(Given.modelDoor("transaction", 3, null));
    }

    @Test
    void what_the_engine_can_t_serve_is_refused_in_its_words() {
        var words = Finding.keeping(Reason.NameInvalid, "spec.poolName: …");
        check = tenant -> Optional.of(words);

        assertThat(refused(tenantSpec("acme"))).isEqualTo(words);
    }

    @Test
    void no_finding_holds_a_password() {
        secrets.put("team-a/acme-db", Map.of("username", "app", "password", "very-secret"));
        secrets.put("team-a/other", Map.of("username", "app", "password", "very-secret"));
        var users = List.of(user("app", "acme-db"), user("b", "other"));

        assertThat(refused(spec("default", null, users, null)).message()).doesNotContain("very-secret");
    }

    private static TenantSpec spec(
            String upstream,
            @Nullable String poolName,
            List<TenantUser> users,
            @Nullable List<TenantListener> listeners) {
        var base = tenantSpec("acme");
        return new TenantSpec(
                base.poolerClusterRef(), upstream, base.database(), poolName, users, listeners, null, null, null);
    }

    private TenantModel resolved(TenantSpec spec) {
        var resolution = resolve(spec);
        assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
        return ((Resolution.Resolved) resolution).model();
    }

    private Finding refused(TenantSpec spec) {
        var resolution = resolve(spec);
        assertThat(resolution).isInstanceOf(Resolution.Refused.class);
        return ((Resolution.Refused) resolution).finding();
    }

    private Resolution resolve(TenantSpec spec) {
        var resolver = new TenantResolver(
                cluster,
                new NamespaceRule("poolers", from, null),
                Map.of(),
                (namespace, name) -> Optional.ofNullable(secrets.get(namespace + "/" + name)),
                tenant -> check.check(tenant));
        return resolver.resolve(tenantObject("acme", spec));
    }

    private static void assertKept(Finding finding, Reason reason, String... words) {
        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(finding.message()).contains(words);
        assertThat(finding.revokes()).isFalse();
    }
}
