package io.tenantpool.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.testing.ApiServerUnderTest;
import io.tenantpool.testing.OperatorRights;
import io.tenantpool.testing.TestNamespace;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator's ServiceAccount may change of a pod, asked of a real API server with manifests/rbac. */
@ExtendWith(ApiServerUnderTest.class)
@TestInstance(Lifecycle.PER_CLASS)
class PodMetadataOnlyApiServerIT {
    private static final int FORBIDDEN = 403;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NEW_IMAGE =
            "{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"example.org/evil\"}]}}";

    private final KubernetesClient administrator = ApiServerUnderTest.client();
    private final KubernetesClient operator = OperatorRights.impersonated(ApiServerUnderTest.kubeconfig());
    private final TestNamespace namespace = TestNamespace.create(administrator, "pod-metadata");

    @BeforeAll
    void install() {
        OperatorRights.install(administrator);
        OperatorRights.letRunPoolers(administrator, namespace.name());
        var probe = pooler("probe");
        await("the policy is enforced, which it is some time after it was made")
                .atMost(PATIENCE)
                .until(() -> refusal(probe, PatchType.STRATEGIC_MERGE, NEW_IMAGE) != null);
    }

    @AfterAll
    void remove() {
        operator.close();
        namespace.close();
    }

    @Test
    void itKicksNumbersAndTakesOutOfTraffic() {
        var pod = pooler("kicked");
        var view = new PodView(
                pod.getMetadata().getUid(), namespace.name(), "kicked", null, 6432, null, true, false, true, null);
        var api = new KubernetesPodApi(operator, Runnable::run);

        api.kick(view, "revision-1").toCompletableFuture().join();
        api.kick(view, "revision-2").toCompletableFuture().join();
        api.perPod(view, "peer_id = 7").toCompletableFuture().join();
        api.traffic(view, false).toCompletableFuture().join();
        api.traffic(view, true).toCompletableFuture().join();
        api.traffic(view, false).toCompletableFuture().join();

        var meta = live("kicked").getMetadata();
        assertThat(meta.getAnnotations())
                .containsEntry(Labels.REVISION, "revision-2")
                .containsEntry(Labels.PEER, "peer_id = 7")
                .containsEntry("example.org/note", "kept");
        assertThat(meta.getLabels()).containsEntry(Labels.TRAFFIC, Labels.TRAFFIC_OFF);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "image | {'spec':{'containers':[{'name':'c','image':'example.org/evil'}]}} | nothing of its spec",
                "deadline | {'spec':{'activeDeadlineSeconds':1}} | nothing of its spec",
                "toleration | {'spec':{'tolerations':[{'key':'node.kubernetes.io/not-ready','operator':'Exists',"
                        + "'effect':'NoExecute','tolerationSeconds':300},{'key':'node.kubernetes.io/unreachable',"
                        + "'operator':'Exists','effect':'NoExecute','tolerationSeconds':300},{'operator':'Exists'}]}}"
                        + " | nothing of its spec",
                "with-kick | {'metadata':{'annotations':{'tenantpool.io/revision':'1'}},'spec':{'activeDeadlineSeconds':1}}"
                        + " | nothing of its spec",
                "label | {'metadata':{'labels':{'app':'other'}}} | no label of a pod but",
                "no-label | {'metadata':{'labels':{'tenantpool.io/cell':null}}} | no label of a pod but",
                "moved | {'metadata':{'labels':{'tenantpool.io/listener':'other'}}} | no label of a pod but",
                "annotation | {'metadata':{'annotations':{'example.org/note':'changed'}}} | no annotation of a pod but",
                "no-annotation | {'metadata':{'annotations':{'example.org/note':null}}} | no annotation of a pod but",
                "finalizer | {'metadata':{'finalizers':['example.org/stuck']}} | neither the owner nor the finalizers",
                "owner | {'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'a','uid':'b'}]}}"
                        + " | neither the owner nor the finalizers"
            })
    void itChangesNothingElse(String name, String patch, String words) {
        var pod = pooler(name);

        var refusal =
                Objects.requireNonNull(refusal(pod, PatchType.STRATEGIC_MERGE, patch.replace('\'', '"')), "refusal");

        assertThat(refusal.getCode()).isEqualTo(FORBIDDEN);
        assertThat(refusal.getMessage()).contains(words);
    }

    @Test
    void itChangesNoPodThatIsNoPooler() {
        var pod = create("foreign", Map.of("app", "web"));

        var refusal = Objects.requireNonNull(
                refusal(
                        pod,
                        PatchType.JSON_MERGE,
                        "{\"metadata\":{\"annotations\":{\"tenantpool.io/revision\":\"1\"}}}"),
                "refusal");

        assertThat(refusal.getMessage()).contains("the pods of its poolers and no others");
    }

    @Test
    void othersMayStillChangeWhatTheyMayChange() {
        pooler("ours");

        administrator
                .pods()
                .inNamespace(namespace.name())
                .withName("ours")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), NEW_IMAGE);

        assertThat(live("ours").getSpec().getContainers().get(0).getImage()).isEqualTo("example.org/evil");
    }

    @Test
    void itRunsNothingWhereNobodyLetItRunPoolers() {
        try (var other = TestNamespace.create(administrator, "no-poolers")) {
            var failure = catchThrowableOfType(KubernetesClientException.class, () -> operator.serviceAccounts()
                    .inNamespace(other.name())
                    .resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName("a")
                            .endMetadata()
                            .build())
                    .create());
            assertThat(failure.getCode()).isEqualTo(FORBIDDEN);
        }
    }

    private @Nullable KubernetesClientException refusal(Pod pod, PatchType type, String patch) {
        try {
            operator.pods()
                    .inNamespace(namespace.name())
                    .withName(pod.getMetadata().getName())
                    .patch(PatchContext.of(type), patch);
            return null;
        } catch (KubernetesClientException e) {
            return e;
        }
    }

    private Pod live(String name) {
        return administrator.pods().inNamespace(namespace.name()).withName(name).require();
    }

    private Pod pooler(String name) {
        var labels = Labels.of(new PoolerId(namespace.name(), "main", PoolerId.FIRST_CELL, "transaction"));
        labels.put(Labels.TRAFFIC, Labels.TRAFFIC_ON);
        return create(name, labels);
    }

    /** No node has the label, so it never runs. */
    private Pod create(String name, Map<String, String> labels) {
        return administrator
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace.name())
                        .withLabels(labels)
                        .addToAnnotations("example.org/note", "kept")
                        .endMetadata()
                        .withNewSpec()
                        .addToNodeSelector("tenantpool.test/nowhere", "true")
                        .addNewContainer()
                        .withName("c")
                        .withImage("example.org/none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }
}
