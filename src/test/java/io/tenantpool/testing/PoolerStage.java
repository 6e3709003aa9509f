package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A namespace with one PoolerCluster and a namespace for its Tenants. */
public final class PoolerStage {
    /** How long anything may take that a test waits for. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ClusterUnderTest cluster;
    private final String namespace;
    private final String name;
    private final TenantNamespace tenants;

    PoolerStage(ClusterUnderTest cluster, String namespace, String name, TenantNamespace tenants) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
        this.tenants = tenants;
    }

    /** The cluster, with its operator and its PostgreSQL. */
    public ClusterUnderTest cluster() {
        return cluster;
    }

    /** The administrator's client. */
    public KubernetesClient client() {
        return cluster.client();
    }

    /** The namespace of the PoolerCluster. */
    public String namespace() {
        return namespace;
    }

    /** The namespace of the Tenants. */
    public TenantNamespace tenants() {
        return tenants;
    }

    /** Creates what a manifest describes, with the names of the samples replaced by those of this stage. */
    public void create(String manifest) {
        client().load(Manifest.stream(
                        manifest,
                        "namespace: poolers",
                        "namespace: " + namespace,
                        "namespace: team-a",
                        "namespace: " + tenants.name(),
                        "pgbouncer:1.26.1",
                        ClusterUnderTest.image(),
                        "postgres.db.svc.cluster.local",
                        cluster.postgres().host()))
                .items()
                .forEach(item -> client().resource(item).create());
    }

    /** The PoolerCluster object. */
    public Resource<GenericKubernetesResource> poolerCluster() {
        return client().genericKubernetesResources(TenantNamespace.API_VERSION, "PoolerCluster")
                .inNamespace(namespace)
                .withName(name);
    }

    /** Changes the PoolerCluster by a JSON patch. */
    public void edit(String jsonPatch) {
        poolerCluster().patch(PatchContext.of(PatchType.JSON), jsonPatch);
    }

    /** A condition of the PoolerCluster; an absent one is empty in every part. */
    public Conditions.Reported condition(String type) {
        return Conditions.of(poolerCluster().require(), type).orElse(new Conditions.Reported(type, "", "", "", 0, ""));
    }

    /** The pods of one door of the first cell. */
    public PoolerDoor door(String listener) {
        return door(listener, "0");
    }

    /** The pods of one door of one cell. */
    public PoolerDoor door(String listener, String cell) {
        return new PoolerDoor(
                client(), namespace, Map.of("tenantpool.io/listener", listener, "tenantpool.io/cell", cell));
    }

    /** Creates a Tenant whose spec has these lines beside those that every Tenant has. */
    public TestTenant apply(TestTenant tenant, String... lines) {
        tenants.apply(tenants.manifest(tenant) + "  " + String.join("\n  ", lines) + "\n");
        return tenant;
    }

    /** As {@link #apply}, with all that the Tenant needs, and waits until it is Ready. */
    public TestTenant ready(String name, String... lines) {
        TestTenant tenant = tenants.named(name);
        tenants.prepare(List.of(tenant));
        apply(tenant, lines);
        tenants.awaitReady(List.of(tenant));
        return tenant;
    }

    /** Changes a Tenant by a JSON merge patch. */
    public void patch(TestTenant tenant, String jsonMergePatch) {
        tenants.tenants().withName(tenant.name()).patch(PatchContext.of(PatchType.JSON_MERGE), jsonMergePatch);
    }

    /** Waits until a Tenant has this reason in this condition. */
    public Conditions.Reported awaitReason(TestTenant tenant, String type, String reason) {
        await(tenant.name() + ": " + type + " " + reason).atMost(PATIENCE).untilAsserted(() -> assertThat(
                        tenants.condition(tenant.name(), type).reason())
                .isEqualTo(reason));
        return tenants.condition(tenant.name(), type);
    }

    /** Waits until the Tenant is no more. */
    public void awaitGone(TestTenant tenant) {
        await(tenant.name() + " is gone")
                .atMost(PATIENCE)
                .until(() -> tenants.tenants().withName(tenant.name()).get() == null);
    }

    /** What the operator says of the doors. */
    public JsonNode health() {
        return Json.value(cluster.operator().text("/health/pools/" + namespace + "/" + name));
    }

    /** The only line of the budget. */
    public Map<String, Integer> budget() {
        Map<String, Object> line = poolerCluster().require().get("status", "budget", 0);
        return line.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Integer)
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> (Integer) entry.getValue()));
    }

    /** The value of a metric for this PoolerCluster, for label sets that contain this text. */
    public double metric(String name, String labels) {
        return new PrometheusText(cluster.operator().metrics())
                .byLabels(name).entrySet().stream()
                        .filter(entry -> entry.getKey().contains("namespace=\"" + namespace + "\""))
                        .filter(entry -> entry.getKey().contains(labels))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
    }

    void close() {
        cluster.deleteNamespace(tenants.name());
        cluster.deleteNamespace(namespace);
    }
}
