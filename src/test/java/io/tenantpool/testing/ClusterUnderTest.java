package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real cluster of {@code $KUBECONFIG} with one PostgreSQL and one operator, shared by every test class of the JVM.
 * There can be one operator only, so whoever kills it also starts it again.
 */
public final class ClusterUnderTest implements AutoCloseable {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(ClusterUnderTest.class);
    private static final String LABEL = "tenantpool.io/cluster-test";
    private static final String NEEDED = "needs KUBECONFIG, a cluster whose node has the image " + image()
            + " (or $TENANTPOOL_TEST_IMAGE) and whose pod and Service addresses can be reached from here";

    // Counts are written seldom; a test that waits until all is written would wait that long.
    private static final Map<String, String> SETTINGS = Map.of("tenantpool.status.counts-every", "1s");

    private final KubernetesClient client;
    private final ClusterLock lock;
    private final ForbiddenRequests forbidden = new ForbiddenRequests();
    private final Path operatorsKubeconfig;
    private @Nullable ClusterPostgres postgres;
    private @Nullable OperatorProcess operator;
    private @Nullable Path operatorLog;

    private ClusterUnderTest(KubernetesClient client) {
        this.client = client;
        this.lock = ClusterLock.take();
        removeLeftovers();
        applyCustomResourceDefinitions();
        OperatorRights.install(client);
        operatorsKubeconfig = OperatorRights.kubeconfig(client);
    }

    /** Whether there is a cluster; without one the test class is skipped, in CI it fails. */
    static ConditionEvaluationResult isThere(ExtensionContext context) {
        Opened opened = opened(context);
        return opened.cluster() == null
                ? ConditionEvaluationResult.disabled(opened.line())
                : ConditionEvaluationResult.enabled("there is a cluster");
    }

    /** The cluster of this JVM. */
    static ClusterUnderTest of(ExtensionContext context) {
        Opened opened = opened(context);
        if (opened.cluster() == null) {
            throw new IllegalStateException(opened.line());
        }
        return opened.cluster();
    }

    private static Opened opened(ExtensionContext context) {
        return context.getRoot().getStore(STORE).computeIfAbsent(Opened.class, key -> open(), Opened.class);
    }

    /** The cluster, or why there is none; remembered, so that the line is printed once and not for each class. */
    private record Opened(@Nullable ClusterUnderTest cluster, String line) implements AutoCloseable {
        @Override
        public void close() {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    private static Opened open() {
        String configured = System.getenv("KUBECONFIG");
        if (configured == null || configured.isBlank()) {
            return absent("$KUBECONFIG is not set");
        }
        Path kubeconfig = Path.of(configured.split(File.pathSeparator, 2)[0]);
        if (!Files.isReadable(kubeconfig)) {
            return absent("$KUBECONFIG cannot be read");
        }
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        try {
            if (client.nodes().list().getItems().stream().noneMatch(ClusterUnderTest::isReady)) {
                client.close();
                return absent("the cluster of $KUBECONFIG has no node that runs pods");
            }
        } catch (KubernetesClientException e) {
            client.close();
            return absent("the cluster of $KUBECONFIG does not answer");
        }
        return new Opened(new ClusterUnderTest(client), "");
    }

    private static Opened absent(String why) {
        String line = "Cluster tier not run: " + why + "; it " + NEEDED;
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(line);
        }
        System.out.println(line);
        return new Opened(null, line);
    }

    private static boolean isReady(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /** The image of the poolers and of PostgreSQL. */
    public static String image() {
        return Optional.ofNullable(System.getenv("TENANTPOOL_TEST_IMAGE")).orElse("localhost/postgres-test:17");
    }

    /** The administrator's client. */
    public KubernetesClient client() {
        return client;
    }

    /** The PostgreSQL that all test classes share. */
    public synchronized ClusterPostgres postgres() {
        if (postgres == null) {
            postgres = ClusterPostgres.start(client, createNamespace("postgres", Map.of()), 200);
        }
        return postgres;
    }

    /** A PostgreSQL for one test class alone, in a namespace that the caller deletes. */
    public ClusterPostgres anotherPostgres(int maxConnections) {
        return ClusterPostgres.start(client, createNamespace("postgres", Map.of()), maxConnections);
    }

    /** The running operator; started when there is none. */
    public synchronized OperatorProcess operator() {
        if (operator == null) {
            operator = OperatorProcess.start(operatorsKubeconfig, SETTINGS);
            operatorLog = operator.log();
        }
        return operator;
    }

    /** The log of the operator that was started last. */
    public synchronized Optional<Path> operatorLog() {
        return Optional.ofNullable(operatorLog);
    }

    /** Replaces the operator by one with other settings, until {@link #restartOperator()}. */
    public synchronized OperatorProcess restartOperator(Map<String, String> settings) {
        stopOperator();
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.putAll(settings);
        operator = OperatorProcess.start(operatorsKubeconfig, all);
        operatorLog = operator.log();
        return operator;
    }

    /** Stops the operator in an orderly way and starts it again. */
    public OperatorProcess restartOperator() {
        return restartOperator(Map.of());
    }

    /** Stops the operator; {@link #operator()} starts another. */
    public synchronized void stopOperator() {
        if (operator != null) {
            readForbidden();
            operator.close();
            operator = null;
        }
    }

    /** Kills the operator without warning; {@link #operator()} starts another. */
    public synchronized void killOperator() {
        if (operator != null) {
            readForbidden();
            operator.kill();
            operator = null;
        }
    }

    /** Fails if the operator was forbidden what it should be allowed; every test class ends with it. */
    synchronized void failIfForbidden() {
        readForbidden();
        forbidden.failIfAny();
    }

    private void readForbidden() {
        if (operator != null && operator.handle().isAlive()) {
            forbidden.read(operator);
        }
    }

    /** Creates a namespace in which the operator may run poolers. */
    String createPoolerNamespace(String purpose, Map<String, String> labels) {
        String name = createNamespace(purpose, labels);
        OperatorRights.letRunPoolers(client, name);
        return name;
    }

    /** Creates a namespace with a name of its own. */
    public String createNamespace(String purpose, Map<String, String> labels) {
        String suffix = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
        String name = "tp-" + purpose + "-" + suffix;
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels(LABEL, "true")
                        .addToLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** Asks for the namespace's deletion and does not wait for it. */
    public void deleteNamespace(String name) {
        if (System.getenv("TENANTPOOL_TEST_KEEP") == null) {
            client.namespaces().withName(name).delete();
        }
    }

    private void removeLeftovers() {
        // The lock is ours, so nobody who lives uses what an earlier run left behind.
        List<Namespace> leftovers =
                client.namespaces().withLabel(LABEL, "true").list().getItems();
        leftovers.forEach(namespace -> client.resource(namespace).delete());
        await("the namespaces of an earlier run are gone")
                .atMost(Duration.ofMinutes(3))
                .until(() -> client.namespaces()
                        .withLabel(LABEL, "true")
                        .list()
                        .getItems()
                        .isEmpty());
    }

    private void applyCustomResourceDefinitions() {
        try (Stream<Path> files = Files.list(BuildDirectory.projectRoot().resolve("crds"))) {
            for (Path file :
                    files.filter(path -> path.toString().matches(".*\\.ya?ml")).toList()) {
                client.load(Files.newInputStream(file))
                        .items()
                        .forEach(item -> client.resource(item).forceConflicts().serverSideApply());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the CRDs cannot be read", e);
        }
        await("the API server serves both kinds")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .until(() -> {
                    client.genericKubernetesResources("tenantpool.io/v1alpha1", "Tenant")
                            .inAnyNamespace()
                            .list();
                    client.genericKubernetesResources("tenantpool.io/v1alpha1", "PoolerCluster")
                            .inAnyNamespace()
                            .list();
                    return true;
                });
    }

    @Override
    public synchronized void close() {
        stopOperator();
        if (postgres != null) {
            deleteNamespace(postgres.namespace());
        }
        client.close();
        lock.close();
    }
}
