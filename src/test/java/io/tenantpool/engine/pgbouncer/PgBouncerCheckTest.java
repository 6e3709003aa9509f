package io.tenantpool.engine.pgbouncer;

import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.role;
import static io.tenantpool.testing.Given.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.testing.Given;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine refuses, each with its field. */
class PgBouncerCheckTest {
    private final PgBouncerEngine engine = new PgBouncerEngine();

    @Test
    void an_ordinary_tenant_passes() {
        assertThat(engine.check(tenant("acme"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme", "a b", "a'b", "a\nb", "*", "-a", "ä", ""})
    void a_pool_name_that_needs_quoting_is_refused(String name) {
        assertRefused(tenant("acme", name, role("app")), Reason.NameInvalid, "spec.poolName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgbouncer", "all", "replication", "postgres", "template0", "tenantpool_x"})
    void a_pool_name_with_a_meaning_of_its_own_is_reserved(String name) {
        assertRefused(tenant("acme", name, role("app")), Reason.NameReserved, "spec.poolName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a'b", "a\nb", "a\"b", "x\u0000"})
    void a_database_name_that_would_end_its_value_is_refused(String name) {
        assertRefused(with("acme", name, "pg", 5432), Reason.NameInvalid, "spec.database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app user", "a\"b", "a\nb", "+g", "ä"})
    void a_role_that_the_access_rules_could_not_name_is_refused(String name) {
        assertRefused(tenant("acme", "acme", role(name)), Reason.CredentialsInvalid, "username");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "pgbouncer", "tenantpool_admin", "tenantpool_sentinel"})
    void a_role_of_the_console_or_the_superuser_is_reserved(String name) {
        assertRefused(tenant("acme", "acme", role(name)), Reason.NameReserved, "username");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pw\n", "p\tw", "p\u0000w", "p\u007Fw"})
    void a_password_with_a_control_character_is_refused_with_the_usual_cause(String password) {
        assertRefused(password(password), Reason.CredentialsInvalid, "printf, not echo");
    }

    @Test
    void an_empty_password_is_refused() {
        assertRefused(password(""), Reason.CredentialsInvalid, "password is empty");
    }

    @Test
    void a_password_that_is_no_text_is_refused() {
        assertRefused(password("\uD800"), Reason.CredentialsInvalid, "UTF-8");
    }

    @Test
    void a_password_is_bounded_in_bytes() {
        assertThat(engine.check(password("é".repeat(500)))).isEmpty();
        assertRefused(password("é".repeat(501)), Reason.CredentialsInvalid, "1000 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "/tmp", "a b", "a'b", "", "user@host", "fe80::1%eth0"})
    void a_host_that_means_more_than_one_address_is_refused(String host) {
        assertRefused(with("acme", "acme", host, 5432), Reason.UpstreamNotFound, "spec.upstream");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg", "pg-rw.db.svc", "pg.example.com.", "10.0.0.1", "::1", "fd00::5", "::ffff:10.0.0.1"})
    void every_host_that_the_schema_takes_is_taken(String host) {
        assertThat(engine.check(with("acme", "acme", host, 5432))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536})
    void a_port_out_of_bounds_is_refused(int port) {
        assertRefused(with("acme", "acme", "pg", port), Reason.UpstreamNotFound, "port");
    }

    @Test
    void no_finding_holds_the_password() {
        assertThat(engine.check(password("very-secret\n")))
                .hasValueSatisfying(finding -> assertThat(finding.message()).doesNotContain("very-secret"));
    }

    private static TenantModel password(String password) {
        return tenant("acme", "acme", new Role("app", new Secret(password), "team-a/acme-db"));
    }

    private static TenantModel with(String poolName, String database, String host, int port) {
        return Given.tenantModel(
                id("acme"),
                1,
                "",
                poolName,
                database,
                new UpstreamModel("default", host, port),
                List.of(role("app")),
                List.of());
    }

    private void assertRefused(TenantModel tenant, Reason reason, String words) {
        assertThat(engine.check(tenant)).hasValueSatisfying(finding -> {
            assertThat(finding.reason()).isEqualTo(reason);
            assertThat(finding.message()).contains(words);
            assertThat(finding.revokes()).isFalse();
        });
    }
}
