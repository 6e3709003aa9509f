package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one wants to see when a test on the cluster has failed, taken before its namespaces go. */
final class ClusterDiagnosis {
    private static final int TENANTS = 5;
    private static final int LOG_LINES = 40;

    private ClusterDiagnosis() {}

    static String of(ClusterUnderTest cluster, String poolers, String tenants) {
        KubernetesClient client = cluster.client();
        return Stream.of(
                        Stream.of("--- Tenants that are not Ready"),
                        notReady(client, tenants),
                        Stream.of("--- PoolerCluster"),
                        poolerClusters(client, poolers),
                        Stream.of("--- pods"),
                        client.pods().inNamespace(poolers).list().getItems().stream()
                                .map(ClusterDiagnosis::line),
                        Stream.of("--- events"),
                        events(client, tenants),
                        Stream.of("--- operator, " + cluster.operatorLog()),
                        cluster.operatorLog().stream().flatMap(ClusterDiagnosis::tail))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    /** What the pods of one namespace do, and what happened to them. */
    static String of(KubernetesClient client, String namespace) {
        return Stream.of(
                        Stream.of("--- pods of " + namespace),
                        client.pods().inNamespace(namespace).list().getItems().stream()
                                .map(ClusterDiagnosis::containers),
                        Stream.of("--- events"),
                        events(client, namespace))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    private static String containers(Pod pod) {
        return line(pod) + " " + Serialization.asJson(pod.getStatus().getContainerStatuses());
    }

    private static Stream<String> notReady(KubernetesClient client, String namespace) {
        return client
                .genericKubernetesResources(TenantNamespace.API_VERSION, "Tenant")
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(tenant -> Conditions.of(tenant, "Ready")
                        .filter(ready -> "True".equals(ready.status()))
                        .isEmpty())
                .limit(TENANTS)
                .map(ClusterDiagnosis::line);
    }

    private static Stream<String> poolerClusters(KubernetesClient client, String namespace) {
        return client
                .genericKubernetesResources(TenantNamespace.API_VERSION, "PoolerCluster")
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .map(ClusterDiagnosis::line);
    }

    private static Stream<String> events(KubernetesClient client, String namespace) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .limit(LOG_LINES)
                .map(event -> event.getLastTimestamp() + " "
                        + event.getInvolvedObject().getName() + " " + event.getReason() + " " + event.getMessage());
    }

    private static String line(GenericKubernetesResource resource) {
        return resource.getMetadata().getName() + " generation "
                + resource.getMetadata().getGeneration() + " status " + resource.<Object>get("status");
    }

    private static String line(Pod pod) {
        return pod.getMetadata().getName() + " " + pod.getStatus().getPhase() + " "
                + Optional.ofNullable(pod.getStatus().getConditions()).stream()
                        .flatMap(List::stream)
                        .map(condition -> condition.getType() + "=" + condition.getStatus())
                        .collect(Collectors.joining(","))
                + Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                        .map(at -> " terminating since " + at)
                        .orElse("");
    }

    private static Stream<String> tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).stream();
        } catch (IOException e) {
            return Stream.of("(no log)");
        }
    }
}
