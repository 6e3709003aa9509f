package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.OperatorRights;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NotPermittedClusterIT {
    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void aPoolerClusterWhereNobodyLetTheOperatorRunPoolersSaysWhatIsMissing() {
        PoolerStage stage = STAGES.empty("main");
        stage.client()
                .rbac()
                .roleBindings()
                .inNamespace(stage.namespace())
                .withName("tenantpool-poolers")
                .delete();
        stage.create(PoolerStages.sample("poolercluster.yaml"));
        await("NotPermitted").atMost(PoolerStage.PATIENCE).until(() -> "NotPermitted"
                .equals(stage.condition("Accepted").reason()));
        assertThat(stage.condition("Accepted").message())
                .contains("cannot get resource", "bind the ClusterRole tenantpool-poolers");
        assertThat(stage.door("transaction").deployment()).isEmpty();

        OperatorRights.letRunPoolers(stage.client(), stage.namespace());

        await("it is accepted and runs")
                .atMost(PoolerStage.PATIENCE)
                .until(() -> "True".equals(stage.condition("Accepted").status())
                        && "True".equals(stage.condition("Ready").status()));
    }
}
