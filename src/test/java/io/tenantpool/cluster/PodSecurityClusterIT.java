package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tenantpool.testing.PoolerFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PodSecurityClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2)
            .inNamespaceWith(Map.of(
                    "pod-security.kubernetes.io/enforce", "restricted",
                    "pod-security.kubernetes.io/enforce-version", "latest"));

    @Test
    void poolersServeInANamespaceThatEnforcesTheRestrictedProfile() {
        assertThat(POOLER.refusals(POOLER.tenants().ready("restricted"))).isEmpty();
    }

    @Test
    void noPodHasATokenOfTheApiServerOrAUserOfItsOwnChoice() {
        assertThat(POOLER.pods()).hasSize(2).allSatisfy(pod -> {
            PodSpec spec = pod.getSpec();
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getServiceAccountName()).isNotEqualTo("default");
            assertThat(spec.getVolumes()).noneMatch(volume -> volume.getName().startsWith("kube-api-access"));
            // A fixed user would be refused where each namespace has its own range.
            assertThat(spec.getSecurityContext().getRunAsUser()).isNull();
        });
    }

    @Test
    void everyPodIsProbedAsksForCpuAndMayUseAllThatIsFree() {
        assertThat(POOLER.pods()).isNotEmpty().allSatisfy(pod -> {
            Container pooler = pod.getSpec().getContainers().get(0);
            assertThat(pooler.getReadinessProbe()).isNotNull();
            assertThat(pooler.getLivenessProbe()).isNotNull();
            assertThat(pooler.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(pooler.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(pooler.getResources().getLimits()).doesNotContainKey("cpu");
        });
    }

    @Test
    void aDisruptionBudgetCoversThePods() {
        List<PodDisruptionBudget> budgets = POOLER.client()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(POOLER.namespace())
                .list()
                .getItems();
        assertThat(budgets).hasSize(1).allSatisfy(budget -> assertThat(
                        POOLER.pods().get(0).getMetadata().getLabels())
                .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels()));
    }
}
