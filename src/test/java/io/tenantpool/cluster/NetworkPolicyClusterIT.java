package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The policies are there and follow the spec. Who may reach whom by them is a matter of PoolerNetworkPolicyTest: the
 * network of the tests' cluster enforces none.
 */
class NetworkPolicyClusterIT {
    private static final Duration SECONDS = Duration.ofSeconds(5);

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void thePoliciesFollowTheSpecWithinSecondsAndNoPodIsReplaced() {
        PoolerStage stage = STAGES.with("{max: 100}", """
              listeners:
              - {name: transaction, port: 6432, replicas: 1, defaultPoolSize: 2}
              - {name: session, poolMode: Session, port: 6433, replicas: 1, defaultPoolSize: 2}
              allowedTenants: {namespaces: {from: All}, dedicated: true}
            """);
        TestTenant tenant = stage.ready("first");
        List<String> pods = pods(stage);
        assertThat(policies(stage)).containsOnlyKeys("main-transaction", "main-session");
        assertThat(first(stage, "main-transaction").getNamespaceSelector().getMatchLabels())
                .isNullOrEmpty();

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/allowedTenants/namespaces\",\"value\":{\"from\":"
                + "\"Selector\",\"selector\":{\"matchLabels\":{\"tenantpool.io/tenants\":\"true\"}}}}]");
        await("the policies of both doors say who may come in now")
                .atMost(SECONDS)
                .untilAsserted(() -> assertThat(policies(stage).keySet()).allSatisfy(name -> assertThat(
                                first(stage, name).getNamespaceSelector().getMatchLabels())
                        .containsOnly(Map.entry("tenantpool.io/tenants", "true"))));

        TestTenant alone = stage.ready("alone", "isolation: Dedicated");
        assertThat(policies(stage)).hasSize(4);
        assertThat(policies(stage).values().stream()
                        .filter(policy -> policy.getMetadata().getName().matches("main-transaction-0d.*"))
                        .findFirst()
                        .map(NetworkPolicyClusterIT::first)
                        .orElseThrow()
                        .getNamespaceSelector()
                        .getMatchLabels())
                .containsOnly(Map.entry("kubernetes.io/metadata.name", alone.namespace()));

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/networkPolicy/enabled\",\"value\":false}]");
        await("no policies").atMost(SECONDS).until(() -> policies(stage).isEmpty());

        stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/networkPolicy/enabled\",\"value\":true},"
                + "{\"op\":\"remove\",\"path\":\"/spec/listeners/1\"}]");
        await("the policies of the doors that are left")
                .atMost(PoolerStage.PATIENCE)
                .until(() -> policies(stage).keySet().stream().noneMatch(name -> name.startsWith("main-session"))
                        && policies(stage).size() == 2);
        assertThat(pods(stage)).isEqualTo(pods);
        assertThat(stage.door("transaction").login(tenant).refusal()).isEmpty();
    }

    @Test
    void aPolicyThatSomebodyElseChangedOrDeletedIsPutBack() {
        PoolerStage stage = STAGES.with("{max: 100}", """
              listeners: [{name: transaction, port: 6432, replicas: 1, defaultPoolSize: 2}]
              allowedTenants: {namespaces: {from: All}}
            """);
        await("a policy").atMost(PoolerStage.PATIENCE).until(() -> policies(stage)
                .containsKey("main-transaction"));
        var policy = stage.client()
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(stage.namespace())
                .withName("main-transaction");
        var wanted = policy.require().getSpec();

        policy.edit(
                live -> live.edit().editSpec().withIngress(List.of()).endSpec().build());
        await("its rules are back")
                .atMost(SECONDS)
                .until(() -> Objects.equals(policy.require().getSpec(), wanted));

        policy.delete();
        await("it is back").atMost(SECONDS).until(() -> policy.get() != null);
    }

    private static List<String> pods(PoolerStage stage) {
        return stage.door("transaction").pods().stream()
                .map(pod -> pod.getMetadata().getUid())
                .toList();
    }

    private static Map<String, NetworkPolicy> policies(PoolerStage stage) {
        return stage.client().network().v1().networkPolicies().inNamespace(stage.namespace()).list().getItems().stream()
                .collect(Collectors.toMap(policy -> policy.getMetadata().getName(), policy -> policy));
    }

    private static NetworkPolicyPeer first(PoolerStage stage, String name) {
        return first(Objects.requireNonNull(policies(stage).get(name), name));
    }

    /** The first of those that are let in: the clients. */
    private static NetworkPolicyPeer first(NetworkPolicy policy) {
        return policy.getSpec().getIngress().get(0).getFrom().get(0);
    }
}
