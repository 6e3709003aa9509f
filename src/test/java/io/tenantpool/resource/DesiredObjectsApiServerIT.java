package io.tenantpool.resource;

import static io.tenantpool.testing.Given.KEYS;
import static io.tenantpool.testing.Given.autoscaledListener;
import static io.tenantpool.testing.Given.poolerCluster;
import static io.tenantpool.testing.Given.poolerContent;
import static io.tenantpool.testing.GivenPods.poolerClusterWithPods;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Names;
import io.tenantpool.testing.ApiServerUnderTest;
import io.tenantpool.testing.ServerSideApplyMatch;
import io.tenantpool.testing.TestNamespace;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator rests only if the server adds nothing to what it applied, inside a list that is owned as a whole. */
@ExtendWith(ApiServerUnderTest.class)
@TestInstance(Lifecycle.PER_CLASS)
class DesiredObjectsApiServerIT {
    private static final ListenerModel LISTENER = autoscaledListener("transaction", 6432, 60);

    /** No node has the label, so no pod ever runs. */
    private static final String EVERYTHING = """
            resources:
              requests: {cpu: 1000m}
              limits: {memory: 1024Mi}
            nodeSelector: {tenantpool.test/nowhere: "true"}
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [fast]}]}]
              podAntiAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 100
                  podAffinityTerm:
                    topologyKey: kubernetes.io/hostname
                    labelSelector: {matchLabels: {app: noisy}}
            tolerations:
            - {key: poolers, value: only}
            - {key: poolers, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
            topologySpreadConstraints:
            - {topologyKey: topology.kubernetes.io/zone, maxSkew: 3, whenUnsatisfiable: DoNotSchedule}
            - {topologyKey: kubernetes.io/hostname}
            labels: {example.org/team: platform}
            annotations: {example.org/note: "any text"}
            """;

    private final KubernetesClient client = ApiServerUnderTest.client();
    private final TestNamespace namespace = TestNamespace.create(client, "desired");

    @AfterAll
    void remove() {
        namespace.close();
    }

    @Test
    void aDeploymentWithEverySettingOfItsPodsIsAppliedOnce() {
        isAppliedOnce(deployment("everything", poolerClusterWithPods(EVERYTHING)));
    }

    @Test
    void aDeploymentWithNoSettingOfItsPodsIsAppliedOnce() {
        var deployment = deployment("nothing", poolerCluster());
        deployment.getSpec().setReplicas(0);
        isAppliedOnce(deployment);
    }

    @Test
    void anAutoscalerIsAppliedOnce() {
        isAppliedOnce(PoolerAutoscaler.desired(id("autoscaler"), LISTENER, poolerCluster()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "allowedTenants: {namespaces: {from: All}}",
                "allowedTenants: {namespaces: {from: Selector, selector: {}}}",
                "allowedTenants: {namespaces: {from: Selector, selector: {matchLabels: {a: b}, matchExpressions:"
                        + " [{key: c, operator: NotIn, values: [d]}, {key: e.org/f, operator: Exists}]}}}",
                "networkPolicy: {monitoringNamespaces: {}, upstreamPeers: [{cidr: 10.1.0.0/16}, {cidr: \"2001:db8::/32\"},"
                        + " {podSelector: {}}, {namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: {c: d}}}]}"
            })
    void aNetworkPolicyIsAppliedOnce(String spec) {
        for (var host : List.of("postgres.db.svc", "10.1.2.3", "2001:db8::1", "::ffff:10.1.2.3")) {
            var cluster = poolerCluster();
            cluster.setSpec(Serialization.unmarshal(
                    "upstreams: [{name: default, type: Static, static: {endpoints: [{host: \"" + host
                            + "\"}]}, tls: {mode: Disable}}]\n" + spec,
                    PoolerClusterSpec.class));
            var content = poolerContent(
                    id("np" + Math.abs((host + spec).hashCode())), LISTENER, List.of(), new TreeMap<>(), KEYS);
            isAppliedOnce(PoolerNetworkPolicy.desired(
                    content,
                    ClusterResolver.resolve(cluster).model().orElseThrow(),
                    cluster,
                    Optional.of("tenantpool-system")));
        }
    }

    @Test
    void whileATemplateWaitsOnlyTheNumberOfPodsChanges() {
        var old = withoutOwner(deployment("held", poolerClusterWithPods(EVERYTHING)));
        var live = (Deployment) apply(old);
        var wanted = withoutOwner(deployment("held", poolerClusterWithPods(EVERYTHING.replace("any text", "other"))));
        wanted.getSpec().setReplicas(5);

        var held = (Deployment) apply(PoolerDeployment.withoutRollout(live, wanted));

        assertThat(held.getSpec().getReplicas()).isEqualTo(5);
        assertThat(held.getSpec().getTemplate()).isEqualTo(live.getSpec().getTemplate());
        assertThat(PoolerDeployment.templateOf(held)).isEqualTo(PoolerDeployment.templateOf(live));
        old.getSpec().setReplicas(5);
        assertThat(apply(old).getMetadata().getGeneration())
                .as("what was applied meanwhile is let go of without a change")
                .isEqualTo(held.getMetadata().getGeneration());
        assertThat(((Deployment) apply(wanted))
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getAnnotations())
                .containsEntry("example.org/note", "other");
    }

    private Deployment deployment(String cluster, PoolerCluster owner) {
        return PoolerDeployment.desired(
                id(cluster), LISTENER, PoolerDeploymentTest.SHAPE, "settings", "example.org/none", "digest", owner);
    }

    private PoolerId id(String cluster) {
        return new PoolerId(namespace.name(), cluster, PoolerId.FIRST_CELL, "transaction");
    }

    private void isAppliedOnce(HasMetadata desired) {
        var first = apply(withoutOwner(desired));
        assertThat(ServerSideApplyMatch.matches(client, Names.FIELD_MANAGER, first, desired))
                .as("%s matches what was applied", desired.getKind())
                .isTrue();
        assertThat(apply(desired).getMetadata().getGeneration())
                .isEqualTo(first.getMetadata().getGeneration());
    }

    /** Its owner does not exist, and the garbage collector would be quicker than we are. */
    private static <R extends HasMetadata> R withoutOwner(R desired) {
        desired.getMetadata().setOwnerReferences(List.of());
        return desired;
    }

    private HasMetadata apply(HasMetadata desired) {
        return client.resource(desired)
                .fieldManager(Names.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }
}
