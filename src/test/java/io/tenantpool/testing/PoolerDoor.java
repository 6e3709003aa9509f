package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One door of one cell: its Deployment, its Service and its pods. */
public record PoolerDoor(KubernetesClient client, String namespace, Map<String, String> labels) {

    /** The Deployment, if there is one. */
    public Optional<Deployment> deployment() {
        return client.apps().deployments().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .findFirst();
    }

    /** The Service, if there is one. */
    public Optional<Service> service() {
        return client.services().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .findFirst();
    }

    /** The name of every object of this door that the operator made. */
    public List<String> objects() {
        return Stream.of(
                        client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems(),
                        client.services()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems(),
                        client.secrets()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems(),
                        client.configMaps()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems(),
                        client.serviceAccounts()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems(),
                        client.network()
                                .v1()
                                .networkPolicies()
                                .inNamespace(namespace)
                                .withLabels(labels)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .toList();
    }

    /** The address of the Service, which works outside of the cluster's DNS as well. */
    public String address() {
        return service().orElseThrow().getSpec().getClusterIP();
    }

    /** Its port. */
    public int port() {
        return service().orElseThrow().getSpec().getPorts().get(0).getPort();
    }

    /** The pods that nobody has asked to end. */
    public List<Pod> pods() {
        return client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The addresses of {@link #pods()}. */
    public List<String> addresses() {
        return pods().stream().map(pod -> pod.getStatus().getPodIP()).toList();
    }

    /** Waits until exactly so many pods exist and are ready. */
    public void awaitPods(int count) {
        await(count + " pods of " + labels)
                .atMost(Duration.ofMinutes(3))
                .until(() -> pods().size() == count && pods().stream().allMatch(PoolerDoor::isReady));
    }

    /** The tenant's login through the Service. */
    public PoolerLogin login(TestTenant tenant) {
        return PoolerLogin.of(address(), port(), tenant);
    }

    /** Logs the tenant in through the Service and through each pod; what was refused, if anything. */
    public List<String> refusals(TestTenant tenant) {
        return Stream.concat(Stream.of(address()), addresses().stream())
                .map(address -> PoolerLogin.of(address, port(), tenant).refusal())
                .flatMap(Optional::stream)
                .toList();
    }

    /** The lines of every file in the pooler's Secret that contain this text. */
    public List<String> renderedLinesWith(String text) {
        return client.secrets().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .flatMap(secret -> TenantNamespace.decoded(secret).values().stream())
                .flatMap(String::lines)
                .filter(line -> line.contains(text))
                .toList();
    }

    /** Kills the pods at once, without any grace. */
    public void kill() {
        client.pods()
                .inNamespace(namespace)
                .withLabels(labels)
                .withGracePeriod(0)
                .delete();
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
