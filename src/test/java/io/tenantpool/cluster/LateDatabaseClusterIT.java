package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LateDatabaseClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void aTenantWithoutDatabaseIsProgrammedButNotReadyUntilTheDatabaseIsCreated() {
        TestTenant tenant = POOLER.tenants().named("late");
        POOLER.tenants().createCredentials(tenant);
        POOLER.cluster().postgres().createRole(tenant);

        POOLER.tenants().apply(tenant);

        await("DatabaseNotFound").atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(POOLER.tenants().condition("late", "Programmed").status())
                    .isEqualTo("True");
            assertThat(POOLER.tenants().condition("late", "Ready").status()).isEqualTo("False");
            assertThat(POOLER.tenants().condition("late", "Ready").reason()).isEqualTo("DatabaseNotFound");
        });
        assertThat(POOLER.tenants().condition("late", "Ready").message()).contains(tenant.database());
        assertThat(POOLER.tenants().secretsOfTheOperator())
                .noneMatch(secret -> secret.getMetadata().getName().contains("late"));
        // It holds up nobody.
        POOLER.tenants().ready("punctual");

        POOLER.cluster().postgres().createDatabase(tenant);

        POOLER.tenants().awaitReady(List.of(tenant));
        assertThat(POOLER.refusals(tenant)).isEmpty();
    }

    @Test
    void aTenantWithAPasswordThatPostgresRefusesIsNotReadyUntilItIsCorrected() {
        TestTenant tenant = POOLER.tenants().named("mistyped");
        POOLER.cluster().postgres().createDatabaseAndRole(tenant);
        POOLER.tenants().createCredentials(tenant.withPassword("not the one"));

        POOLER.tenants().apply(tenant);

        await("Programmed, but the login is refused")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    assertThat(POOLER.tenants()
                                    .condition("mistyped", "Programmed")
                                    .status())
                            .isEqualTo("True");
                    assertThat(POOLER.tenants().condition("mistyped", "Ready").status())
                            .isEqualTo("False");
                    assertThat(POOLER.tenants().condition("mistyped", "Ready").message())
                            .contains(tenant.role())
                            .doesNotContain("not the one");
                });

        POOLER.tenants().changeCredentials(tenant);

        POOLER.tenants().awaitReady(List.of(tenant));
        assertThat(POOLER.refusals(tenant)).isEmpty();
    }
}
