package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When too many roles were removed, the pods are replaced once by some that never knew them. */
class ForgettingClusterIT {
    private static final String QUICK = """
              listeners:
              - {name: transaction, port: 6432, replicas: 2, defaultPoolSize: 4, terminationGracePeriodSeconds: 10}
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void podsAreReplacedOnceAndKnowNoRemovedRoleAnyMore() {
        PoolerStage stage = STAGES.with("{max: 100}", QUICK);
        TestTenant stays = stage.ready("stays");
        List<TestTenant> leave = List.of(stage.ready("leaves-a"), stage.ready("leaves-b"));
        stage.door("transaction").awaitPods(2);
        Set<String> before = pods(stage);
        STAGES.cluster().restartOperator(Map.of("tenantpool.removed-roles.most", "1"));

        leave.forEach(tenant -> stage.tenants().delete(tenant));
        leave.forEach(stage::awaitGone);

        await("other pods").atMost(PoolerStage.PATIENCE).until(() -> pods(stage).stream()
                .noneMatch(before::contains));
        stage.door("transaction").awaitPods(2);
        Set<String> after = pods(stage);
        for (TestTenant tenant : leave) {
            assertThat(stage.door("transaction").renderedLinesWith(tenant.role()))
                    .isEmpty();
            assertThat(stage.door("transaction").refusals(tenant)).hasSize(3);
        }
        assertThat(stage.door("transaction").refusals(stays)).isEmpty();

        // The next one is below the threshold, and the last replacement is not repeated.
        stage.tenants().delete(stage.ready("leaves-later"));
        STAGES.cluster().restartOperator();
        stage.ready("comes-later");
        assertThat(pods(stage)).isEqualTo(after);
    }

    private static Set<String> pods(PoolerStage stage) {
        return stage.door("transaction").pods().stream()
                .map(Pod::getMetadata)
                .map(meta -> meta.getUid())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
