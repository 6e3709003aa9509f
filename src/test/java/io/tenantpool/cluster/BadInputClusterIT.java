package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.Conditions;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BadInputClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    private static TestTenant victim;
    private static List<String> victimsLines;

    @BeforeAll
    static void serveSomebodyWhoMustNotNotice() {
        victim = POOLER.tenants().ready("victim");
        victimsLines = linesOfTheVictim();
        assertThat(victimsLines).isNotEmpty();
    }

    @Test
    void anUnknownPoolerIsNamed() {
        TestTenant tenant = POOLER.tenants().named("lost");
        POOLER.tenants().createCredentials(tenant);
        POOLER.tenants().apply(POOLER.tenants().manifest(tenant).replace("name: main", "name: elsewhere"));

        refused(tenant, "PoolerClusterNotFound", "poolerClusterRef", "elsewhere");
    }

    @Test
    void anUnknownUpstreamIsNamed() {
        TestTenant tenant = POOLER.tenants().named("upstreamless");
        POOLER.tenants().createCredentials(tenant);
        POOLER.tenants().apply(POOLER.tenants().manifest(tenant).replace("upstream: default", "upstream: nowhere"));

        refused(tenant, "UpstreamNotFound", "upstream", "nowhere");
    }

    @Test
    void aMissingSecretIsNamed() {
        TestTenant tenant = POOLER.tenants().named("secretless");
        POOLER.tenants().apply(tenant);

        refused(tenant, "CredentialsNotFound", "credentialsSecretRef", tenant.credentialsSecret());
    }

    @Test
    void aSecretWithoutUsernameIsNamedWithItsMissingKey() {
        TestTenant tenant = POOLER.tenants().named("nameless");
        POOLER.tenants().createCredentials(tenant.credentialsSecret(), Map.of("password", "x"));
        POOLER.tenants().apply(tenant);

        refused(tenant, "CredentialsInvalid", tenant.credentialsSecret(), "username");
    }

    @Test
    void aPasswordWithALineBreakIsRefusedAndNotRepeated() {
        TestTenant tenant = POOLER.tenants().named("newline");
        POOLER.tenants()
                .createCredentials(
                        tenant.credentialsSecret(),
                        Map.of("username", tenant.role(), "password", "one\n\"" + victim.role() + "\" \"mine\""));
        POOLER.tenants().apply(tenant);

        assertThat(refused(tenant, "CredentialsInvalid", tenant.credentialsSecret(), "password")
                        .message())
                .doesNotContain("mine");
    }

    @Test
    void aRoleThatAnotherTenantHoldsIsRefused() {
        TestTenant thief = POOLER.tenants().named("thief");
        POOLER.cluster().postgres().createDatabaseAndRole(thief);
        POOLER.tenants()
                .createCredentials(thief.credentialsSecret(), Map.of("username", victim.role(), "password", "stolen"));
        POOLER.tenants().apply(thief);

        refused(thief, "RoleNameTaken", victim.role());
    }

    @Test
    void aPoolNameThatAnotherTenantHoldsIsRefused() {
        TestTenant squatter = POOLER.tenants().named("squatter");
        POOLER.tenants().createCredentials(squatter);
        POOLER.tenants().apply(POOLER.tenants().manifest(squatter).replace(squatter.database(), victim.database()));

        refused(squatter, "PoolNameTaken", victim.database());
    }

    private static Conditions.Reported refused(TestTenant tenant, String reason, String... named) {
        await(tenant.name() + " is refused").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        POOLER.tenants().condition(tenant.name(), "Accepted").status())
                .isEqualTo("False"));
        Conditions.Reported accepted = POOLER.tenants().condition(tenant.name(), "Accepted");
        assertThat(accepted.reason()).isEqualTo(reason);
        assertThat(accepted.message()).contains(named);
        assertThat(POOLER.tenants().condition(tenant.name(), "Ready").status()).isNotEqualTo("True");
        assertThat(linesOfTheVictim()).isEqualTo(victimsLines);
        assertThat(POOLER.refusals(victim)).isEmpty();
        assertThat(POOLER.tenants().condition(victim.name(), "Ready").status()).isEqualTo("True");
        return accepted;
    }

    private static List<String> linesOfTheVictim() {
        return java.util.stream.Stream.of(victim.database(), victim.role())
                .flatMap(name -> POOLER.renderedLinesWith(name).stream())
                .distinct()
                .toList();
    }
}
