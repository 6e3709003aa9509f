package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A PoolerCluster in a namespace of its own and a namespace for its Tenants, for the duration of one test class. */
public final class PoolerFixture
        implements ExecutionCondition, BeforeAllCallback, AfterAllCallback, AfterTestExecutionCallback {
    /** The port of the only listener. */
    public static final int PORT = 6432;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int replicas;
    private Map<String, String> namespaceLabels = Map.of();
    private PoolerClusterManifest manifest = PoolerClusterManifest.DEFAULT;
    private @Nullable ClusterUnderTest cluster;
    private @Nullable String namespace;
    private @Nullable TenantNamespace tenants;

    private PoolerFixture(int replicas) {
        this.replicas = replicas;
    }

    /** A PoolerCluster with so many pods in its only listener. */
    public static PoolerFixture withReplicas(int replicas) {
        return new PoolerFixture(replicas);
    }

    /** In a namespace with these labels. */
    public PoolerFixture inNamespaceWith(Map<String, String> labels) {
        namespaceLabels = labels;
        return this;
    }

    /** With a session door whose clients have so many seconds to finish. */
    public PoolerFixture forSessions(int grace) {
        manifest = manifest.withListener("name: session, poolMode: Session, terminationGracePeriodSeconds: " + grace);
        return this;
    }

    /** With this contract on PostgreSQL's connections. */
    public PoolerFixture withConnections(String contract) {
        manifest = manifest.withConnections(contract);
        return this;
    }

    /** With this line in its spec. */
    public PoolerFixture alsoWith(String line) {
        manifest = manifest.withLine(line);
        return this;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return ClusterUnderTest.isThere(context);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ClusterUnderTest opened = ClusterUnderTest.of(context);
        cluster = opened;
        opened.operator();
        String purpose = context.getRequiredTestClass()
                .getSimpleName()
                .replaceAll("(ClusterIT|Benchmark)$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(java.util.Locale.ROOT);
        String poolers = opened.createPoolerNamespace(purpose, namespaceLabels);
        namespace = poolers;
        String team = opened.createNamespace(purpose + "-team", Map.of());
        tenants = new TenantNamespace(opened.client(), opened.postgres(), team, poolers);
        opened.client()
                .load(manifest.stream(opened.postgres().host(), replicas))
                .inNamespace(poolers)
                .create();
        awaitPods(replicas);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException()
                .ifPresent(failure -> System.out.println(
                        ClusterDiagnosis.of(cluster(), namespace(), tenants().name())));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (cluster != null && namespace != null) {
            try {
                cluster.failIfForbidden();
            } finally {
                cluster.deleteNamespace(tenants().name());
                cluster.deleteNamespace(namespace);
            }
        }
    }

    /** The cluster, with its operator and its PostgreSQL. */
    public ClusterUnderTest cluster() {
        return Objects.requireNonNull(cluster, "before the first test");
    }

    /** The administrator's client. */
    public KubernetesClient client() {
        return cluster().client();
    }

    /** The namespace of the PoolerCluster. */
    public String namespace() {
        return Objects.requireNonNull(namespace, "before the first test");
    }

    /** The namespace of the Tenants. */
    public TenantNamespace tenants() {
        return Objects.requireNonNull(tenants, "before the first test");
    }

    /** The PoolerCluster object. */
    public Resource<GenericKubernetesResource> poolerCluster() {
        return client().genericKubernetesResources(TenantNamespace.API_VERSION, "PoolerCluster")
                .inNamespace(namespace())
                .withName("main");
    }

    /** Changes the PoolerCluster by a JSON merge patch. */
    public void patch(String jsonMergePatch) {
        poolerCluster().patch(PatchContext.of(PatchType.JSON_MERGE), jsonMergePatch);
    }

    /** Changes the number of pods of the only listener. */
    public void scaleTo(int pods) {
        poolerCluster()
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"replace\",\"path\":\"/spec/listeners/0/replicas\",\"value\":" + pods + "}]");
    }

    /** The only Deployment of poolers. */
    public Optional<Deployment> deployment() {
        return client().apps().deployments().inNamespace(namespace()).list().getItems().stream()
                .findFirst();
    }

    /** The only Service in front of the poolers. */
    public Service service() {
        return client().services().inNamespace(namespace()).list().getItems().stream()
                .filter(service -> service.getSpec().getPorts().stream().anyMatch(port -> port.getPort() == PORT))
                .findFirst()
                .orElseThrow();
    }

    /** The address of the Service, which works outside of the cluster's DNS as well. */
    public String serviceAddress() {
        return service().getSpec().getClusterIP();
    }

    /** The pooler pods that nobody has asked to end. */
    public List<Pod> pods() {
        return client()
                .pods()
                .inNamespace(namespace())
                .withLabels(deployment().orElseThrow().getSpec().getSelector().getMatchLabels())
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The addresses of {@link #pods()}. */
    public List<String> podAddresses() {
        return pods().stream().map(pod -> pod.getStatus().getPodIP()).toList();
    }

    /** Waits until exactly so many pods exist, all are ready and all are in the Service. */
    public void awaitPods(int count) {
        await(count + " pods that take traffic")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> deployment().isPresent()
                        && pods().size() == count
                        && pods().stream().allMatch(PoolerFixture::isReady)
                        && addressesInTraffic().size() == count);
    }

    /** The addresses behind the Service that take new connections. */
    public List<String> addressesInTraffic() {
        return client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace())
                .withLabel("kubernetes.io/service-name", service().getMetadata().getName())
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .toList();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /** Logs the tenant in through the Service and through each pod; what was refused, if anything. */
    public List<String> refusals(TestTenant tenant) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(serviceAddress()), podAddresses().stream())
                .map(address -> PoolerLogin.of(address, PORT, tenant).refusal())
                .flatMap(Optional::stream)
                .toList();
    }

    /** What each pod says to the tenant, those that shut down included: a test report has to name the culprit. */
    public List<String> answersOfEveryPod(TestTenant tenant) {
        return client().pods().inNamespace(namespace()).list().getItems().stream()
                .map(pod -> pod.getMetadata().getName() + (isReady(pod) ? " ready" : " not ready")
                        + (pod.getMetadata().getDeletionTimestamp() == null ? "" : " leaving") + ": "
                        + PoolerLogin.of(pod.getStatus().getPodIP(), PORT, tenant)
                                .refusal()
                                .orElse("lets in"))
                .toList();
    }

    /** The login that a binding Secret describes, with the name that only the cluster's DNS knows resolved. */
    public PoolerLogin published(Map<String, String> binding) {
        PoolerLogin login = PoolerLogin.of(Objects.requireNonNull(binding.get("uri"), "the binding has no uri"));
        String[] name = login.host().split("\\.");
        return login.through(client().services()
                .inNamespace(name[1])
                .withName(name[0])
                .require()
                .getSpec()
                .getClusterIP());
    }

    /** The lines of every file in the poolers' Secrets that contain this text. */
    public List<String> renderedLinesWith(String text) {
        return client().secrets().inNamespace(namespace()).list().getItems().stream()
                .map(TenantNamespace::decoded)
                .flatMap(files -> files.entrySet().stream())
                .flatMap(file -> file.getValue().lines().map(line -> file.getKey() + ": " + line))
                .filter(line -> line.contains(text))
                .sorted()
                .collect(Collectors.toList());
    }
}
