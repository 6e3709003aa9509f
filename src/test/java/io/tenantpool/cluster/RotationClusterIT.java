package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RotationClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void aNewPasswordReachesEveryPodAndTheBindingAndTheOldOneIsRefused() {
        TestTenant old = POOLER.tenants().ready("rotated");
        TestTenant rotated = old.withPassword("a \"new\" password; with = signs, 'quotes' and %s");

        POOLER.cluster().postgres().changePassword(old.role(), rotated.password());
        POOLER.tenants().changeCredentials(rotated);

        await("the binding has the new password").atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                        POOLER.tenants().binding(old).orElse(Map.of()))
                .containsEntry("password", rotated.password()));
        assertThat(POOLER.refusals(rotated)).isEmpty();
        assertThat(POOLER.podAddresses()).isNotEmpty().allSatisfy(pod -> assertThat(
                        PoolerLogin.of(pod, PoolerFixture.PORT, old).refusal())
                .hasValueSatisfying(message -> assertThat(message).contains("authentication failed")));
        Map<String, String> binding = POOLER.tenants().binding(old).orElseThrow();
        assertThat(POOLER.published(binding).refusal()).isEmpty();
    }
}
