package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What has a name that a pooler needs and belongs to somebody else stays theirs. */
class ForeignObjectsClusterIT {
    private static final String POOLER_CLUSTER = """
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: postgres.db.svc.cluster.local, port: 5432}]}
                tls: {mode: Disable}
                connections: {max: 100}
              listeners:
              - {name: transaction, port: 6432, replicas: 1, defaultPoolSize: 4}
              tls: {mode: Disable}
              pod: {resources: {requests: {cpu: 20m, memory: 64Mi}}}
              allowedTenants: {namespaces: {from: All}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void objectsOfSomebodyElseAreNamedLeftAloneAndReplacedWhenTheyAreGone() {
        PoolerStage stage = STAGES.empty("main");
        List<HasMetadata> foreign = List.of(
                new SecretBuilder()
                        .withNewMetadata()
                        .withName("main-transaction")
                        .withNamespace(stage.namespace())
                        .endMetadata()
                        .withStringData(Map.of("userlist.txt", "\"somebody\" \"else\""))
                        .build(),
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("main-transaction")
                        .withNamespace(stage.namespace())
                        .endMetadata()
                        .build(),
                new ServiceBuilder()
                        .withNewMetadata()
                        .withName("main-transaction")
                        .withNamespace(stage.namespace())
                        .addToLabels("app.kubernetes.io/managed-by", "Helm")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withPort(80)
                        .endPort()
                        .endSpec()
                        .build());
        List<HasMetadata> before = foreign.stream()
                .map(object -> (HasMetadata) stage.client().resource(object).create())
                .toList();

        stage.create(POOLER_CLUSTER);

        await("all of them are named")
                .atMost(PoolerStage.PATIENCE)
                .untilAsserted(() -> assertThat(stage.condition("Programmed")).satisfies(programmed -> {
                    assertThat(programmed.status()).isEqualTo("False");
                    assertThat(programmed.reason()).isEqualTo("NotOwned");
                    assertThat(programmed.message())
                            .contains(
                                    "Secret main-transaction, Service main-transaction, ServiceAccount main-transaction")
                            .contains("delete or rename");
                }));
        assertThat(before).allSatisfy(object -> assertThat(
                        stage.client().resource(object).get().getMetadata().getResourceVersion())
                .isEqualTo(object.getMetadata().getResourceVersion()));
        assertThat(stage.door("transaction").deployment()).isEmpty();

        before.forEach(object -> stage.client().resource(object).delete());

        TestTenant tenant = stage.ready("afterwards");
        assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
        assertThat(stage.condition("Programmed").status()).isEqualTo("True");
    }
}
