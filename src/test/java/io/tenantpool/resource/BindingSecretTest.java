package io.tenantpool.resource;

import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.role;
import static io.tenantpool.testing.Given.tenantObject;
import static io.tenantpool.testing.Given.tenantSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.Verdict;
import io.tenantpool.testing.Given;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingSecretTest {
    @Test
    void it_has_the_well_known_keys_and_an_address_for_each_door_and_user() {
        var verdict = verdict(
                List.of(role("app"), role("ops@acme")),
                new Verdict.Endpoint(pooler("transaction"), 6432),
                new Verdict.Endpoint(pooler("second"), 6433));

        assertThat(entries(verdict))
                .containsEntry("type", "postgresql")
                .containsEntry("provider", "tenantpool")
                .containsEntry("host", "main-transaction.poolers.svc")
                .containsEntry("port", "6432")
                .containsEntry("database", "shop")
                .containsEntry("username", "app")
                .containsEntry("password", "password of app")
                .containsKeys("uri", "jdbc-url", "transaction-uri")
                .containsEntry(
                        "second-uri",
                        "postgresql://app:password%20of%20app@main-second.poolers.svc:6433/shop?sslmode=disable")
                .containsEntry(
                        "user-ops.40acme-uri",
                        "postgresql://ops%40acme:password%20of%20ops%40acme@main-transaction.poolers.svc:6432/shop"
                                + "?sslmode=disable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p@ss:w/rd?x=1&y#z", "100%", "a b+c", "\"'\\;", "pä€漢😀", "~*!()"})
    void an_odd_password_survives_the_connection_string(String password) {
        var entries = entries(verdict(
                List.of(new Role("app", new Secret(password), "team-a/db")),
                new Verdict.Endpoint(pooler("transaction"), 6432)));

        var uri = URI.create(entries.getOrDefault("uri", ""));

        assertThat(uri.getHost()).isEqualTo("main-transaction.poolers.svc");
        assertThat(uri.getPath()).isEqualTo("/shop");
        assertThat(decoded(uri.getRawUserInfo().split(":", 2)[1])).isEqualTo(password);
        assertThat(uri.getRawUserInfo()).matches("[A-Za-z0-9%:._~*!()-]+");
        var query = URI.create(entries.getOrDefault("jdbc-url", "").substring("jdbc:".length()))
                .getRawQuery();
        assertThat(query.split("&")).hasSize(3);
        assertThat(decoded(query.split("&")[1])).isEqualTo("password=" + password);
        assertThat(entries).containsEntry("password", password);
    }

    @Test
    void no_two_users_share_a_key() {
        var roles = Stream.of("app", "a@b", "a_b", "a$b", "a.b", "a-b", "a.40b", "a..40b", "a.2Eb", "a.2E40b")
                .map(Given::role)
                .toList();

        var entries = entries(verdict(roles, new Verdict.Endpoint(pooler("transaction"), 6432)));

        assertThat(entries).allSatisfy((key, value) -> assertThat(key).matches("[A-Za-z0-9._-]{1,253}"));
        assertThat(entries.keySet()).filteredOn(key -> key.startsWith("user-")).hasSize(roles.size() - 1);
    }

    @Test
    void it_goes_with_its_tenant() {
        var secret = BindingSecret.desired(
                tenantObject("acme", tenantSpec("acme")),
                verdict(List.of(role("app")), new Verdict.Endpoint(pooler("transaction"), 6432)));

        assertThat(secret.getMetadata().getName()).isEqualTo("acme-pooler");
        assertThat(secret.getMetadata().getNamespace()).isEqualTo("team-a");
        assertThat(secret.getType()).isEqualTo("servicebinding.io/postgresql");
        assertThat(secret.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getUid()).isEqualTo("uid-acme");
            assertThat(owner.getController()).isTrue();
        });
    }

    @Test
    void one_that_is_not_served_has_no_binding() {
        var refused = Given.verdict(id("acme"), 1, null, false, null, List.of(), List.of(), null);
        var tenant = tenantObject("acme", tenantSpec("acme"));

        assertThatThrownBy(() -> BindingSecret.desired(tenant, refused)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Verdict verdict(List<Role> roles, Verdict.Endpoint... doors) {
        return Given.verdict(id("acme"), 1, null, true, "v1", List.of(doors), roles, "shop");
    }

    private static Map<String, String> entries(Verdict verdict) {
        return PoolerSecret.entries(BindingSecret.desired(tenantObject("acme", tenantSpec("acme")), verdict));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
