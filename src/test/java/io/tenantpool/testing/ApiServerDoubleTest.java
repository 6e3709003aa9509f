package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerDoubleTest {
    @SuppressWarnings("NullAway.Init")
    private ApiServerDouble api;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeAll
    void start() {
        api = ApiServerDouble.start();
        client = api.client();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void an_apply_creates_what_is_not_there() {
        ConfigMap created = apply("one", configMap("created", Map.of("a", "1")));

        assertThat(created.getMetadata().getUid()).isNotBlank();
        assertThat(created.getMetadata().getManagedFields()).singleElement().satisfies(entry -> {
            assertThat(entry.getManager()).isEqualTo("one");
            assertThat(entry.getOperation()).isEqualTo("Apply");
        });
        assertThat(client.resource(created).get().getData()).containsEntry("a", "1");
    }

    @Test
    void an_apply_that_changes_nothing_keeps_the_resource_version() {
        ConfigMap first = apply("one", configMap("same", Map.of("a", "1")));
        ConfigMap second = apply("one", configMap("same", Map.of("a", "1")));

        assertThat(second).isEqualTo(first);
    }

    @Test
    void a_field_that_its_manager_no_longer_applies_goes_away() {
        apply("one", configMap("pruned", Map.of("a", "1", "b", "2")));
        ConfigMap after = apply("one", configMap("pruned", Map.of("b", "2")));

        assertThat(after.getData()).containsOnlyKeys("b");
    }

    @Test
    void two_managers_own_their_own_fields() {
        apply("one", configMap("shared", Map.of("a", "1", "both", "x")));
        apply("two", configMap("shared", Map.of("b", "2", "both", "x")));
        ConfigMap after = apply("one", configMap("shared", Map.of("a", "1")));

        assertThat(after.getData()).containsOnlyKeys("a", "b", "both");
        assertThat(after.getMetadata().getManagedFields())
                .extracting("manager")
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void a_field_that_nobody_applied_survives_applies() {
        apply("one", configMap("foreign", Map.of("a", "1")));
        client.configMaps()
                .inNamespace("default")
                .withName("foreign")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"annotations\":{\"x\":\"y\"}}}");
        ConfigMap after = apply("one", configMap("foreign", Map.of("a", "2")));

        assertThat(after.getMetadata().getAnnotations()).containsEntry("x", "y");
    }

    @Test
    void the_status_is_written_only_through_its_subresource() {
        Deployment deployment = client.resource(deployment("with-status")).serverSideApply();
        deployment.getSpec().setReplicas(3);
        deployment.setStatus(new DeploymentBuilder()
                .withNewStatus()
                .withReplicas(9)
                .endStatus()
                .build()
                .getStatus());
        Deployment updated = client.resource(deployment).update();
        assertThat(updated.getStatus()).isNull();
        assertThat(updated.getMetadata().getGeneration()).isEqualTo(2L);

        updated.getSpec().setReplicas(7);
        updated.setStatus(deployment.getStatus());
        Deployment status = client.resource(updated).updateStatus();
        assertThat(status.getStatus().getReplicas()).isEqualTo(9);
        assertThat(status.getSpec().getReplicas()).isEqualTo(3);
        assertThat(status.getMetadata().getGeneration()).isEqualTo(2L);
    }

    @Test
    void a_write_of_an_older_version_is_a_conflict() {
        Secret first = client.resource(secret("versions", "1")).create();
        client.resource(secret("versions", "2")).update();

        first.setStringData(Map.of("k", "3"));
        assertThatThrownBy(() -> client.resource(first).update())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
    }

    @Test
    void an_owner_takes_its_dependents_along() {
        ConfigMap owner = apply("one", configMap("owner", Map.of()));
        ConfigMap child = configMap("child", Map.of());
        child.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .build()));
        apply("one", child);

        client.resource(owner).delete();

        assertThat(client.resource(child).get()).isNull();
    }

    @Test
    void a_pod_on_a_node_ends_gracefully() {
        Pod pod = podOnNode("graceful");
        client.resource(pod).delete();
        assertThat(client.resource(pod).get().getMetadata().getDeletionGracePeriodSeconds())
                .isEqualTo(60L);

        client.resource(pod).withGracePeriod(0).delete();
        assertThat(client.resource(pod).get()).isNull();
    }

    @Test
    void an_eviction_deletes_a_pod_gracefully_and_needs_one() {
        Pod pod = podOnNode("evicted");
        assertThat(client.pods().resource(pod).evict()).isTrue();
        assertThat(client.resource(pod).get().getMetadata().getDeletionGracePeriodSeconds())
                .isEqualTo(60L);
        var nobody = client.pods().inNamespace("default").withName("nobody");
        assertThatThrownBy(nobody::evict).hasMessageContaining("not found");
    }

    private Pod podOnNode(String name) {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("local")
                        .withTerminationGracePeriodSeconds(60L)
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void a_finalizer_keeps_a_deleted_object_until_it_is_taken_away() {
        ConfigMap map = configMap("final", Map.of());
        map.getMetadata().setFinalizers(List.of("tenantpool.io/test"));
        apply("one", map);
        client.resource(map).delete();
        assertThat(client.resource(map).get().getMetadata().getDeletionTimestamp())
                .isNotBlank();

        client.resource(map).edit(m -> {
            m.getMetadata().setFinalizers(List.of());
            return m;
        });
        assertThat(client.resource(map).get()).isNull();
    }

    @Test
    void a_watch_sees_creation_change_and_end() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var watch = client.configMaps().inNamespace("watched").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action.name());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("CLOSED");
            }
        })) {
            assertThat(watch).isNotNull();
            ConfigMap map = configMap("w", Map.of("a", "1"));
            map.getMetadata().setNamespace("watched");
            apply("one", map);
            map.setData(Map.of("a", "2"));
            apply("one", map);
            client.resource(map).delete();
            await().untilAsserted(() -> assertThat(seen).containsExactly("ADDED", "MODIFIED", "DELETED"));
        }
    }

    private ConfigMap apply(String manager, ConfigMap map) {
        return client.resource(map).fieldManager(manager).forceConflicts().serverSideApply();
    }

    private static ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Secret secret(String name, String value) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToStringData("k", value)
                .build();
    }

    private static Deployment deployment(String name) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .endSpec()
                .build();
    }
}
