package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything that the operator's work leaves behind around one PoolerCluster: the version of each object that it writes
 * or might write, and how often each pooler says that it was told to reload.
 */
public record OperatorFootprint(Map<String, String> resourceVersions, Map<String, Long> reloads) {
    /** Counts the RELOADs that the operator sent since it was started. */
    public static final String RELOADS = "tenantpool_pooler_reload_seconds_count";
    /** Counts the logins that the operator tried since it was started. */
    public static final String PROOFS = "tenantpool_proofs_total";

    private static final Duration QUIET = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The footprint once it has stayed the same for a while, which is longer than a reconciliation takes. */
    public static OperatorFootprint atRest(PoolerFixture pooler) {
        OperatorFootprint[] last = {of(pooler)};
        await("the operator rests")
                .pollInterval(Duration.ofMillis(500))
                .atMost(PATIENCE)
                .during(QUIET)
                .until(() -> {
                    OperatorFootprint now = of(pooler);
                    boolean same = now.equals(last[0]);
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    /** What differs here from an earlier footprint, in a form that a test report can show. */
    public List<String> changesSince(OperatorFootprint earlier) {
        List<String> changes = new ArrayList<>();
        resourceVersions.forEach((object, version) -> {
            String before = earlier.resourceVersions().getOrDefault(object, "none");
            if (!before.equals(version)) {
                changes.add(object + " was written: " + before + " -> " + version);
            }
        });
        earlier.resourceVersions().keySet().stream()
                .filter(object -> !resourceVersions.containsKey(object))
                .forEach(object -> changes.add(object + " was deleted"));
        if (!reloads.equals(earlier.reloads())) {
            changes.add("RELOADs of each pod: " + earlier.reloads() + " -> " + reloads);
        }
        return changes;
    }

    private static OperatorFootprint of(PoolerFixture pooler) {
        KubernetesClient client = pooler.client();
        Map<String, String> versions = new TreeMap<>();
        for (String namespace : List.of(pooler.namespace(), pooler.tenants().name())) {
            objects(client, namespace)
                    .forEach(object -> versions.put(
                            object.getKind() + "/" + object.getMetadata().getName(),
                            object.getMetadata().getResourceVersion()));
        }
        Map<String, Long> reloads = new TreeMap<>();
        pooler.pods().forEach(pod -> reloads.put(pod.getMetadata().getName(), reloadsOf(client, pooler, pod)));
        return new OperatorFootprint(versions, reloads);
    }

    private static long reloadsOf(KubernetesClient client, PoolerFixture pooler, HasMetadata pod) {
        return client.pods()
                .inNamespace(pooler.namespace())
                .withName(pod.getMetadata().getName())
                .getLog()
                .lines()
                .filter(line -> line.contains("RELOAD command issued"))
                .count();
    }

    private static Stream<? extends HasMetadata> objects(KubernetesClient client, String namespace) {
        return Stream.of(
                        client.genericKubernetesResources(TenantNamespace.API_VERSION, "Tenant")
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.genericKubernetesResources(TenantNamespace.API_VERSION, "PoolerCluster")
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.secrets().inNamespace(namespace).list().getItems(),
                        client.configMaps().inNamespace(namespace).list().getItems(),
                        client.services().inNamespace(namespace).list().getItems(),
                        client.serviceAccounts().inNamespace(namespace).list().getItems(),
                        client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.pods().inNamespace(namespace).list().getItems(),
                        eventsAboutOurKinds(client, namespace))
                .flatMap(List::stream);
    }

    private static List<io.fabric8.kubernetes.api.model.Event> eventsAboutOurKinds(
            KubernetesClient client, String namespace) {
        // The kubelet and the controllers write about pods and Deployments whenever they like.
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> List.of("Tenant", "PoolerCluster")
                        .contains(event.getInvolvedObject().getKind()))
                .toList();
    }
}
