package io.tenantpool.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The real API server that a test talks to, one for the whole JVM: {@code $KUBECONFIG} if it is set, else K3s in a
 * container if Docker works. If there is neither, a class with {@code @ExtendWith(ApiServerUnderTest.class)} is skipped
 * with one line, or fails if {@code CI=true}, where a tier that does not run must not look like one that passed.
 */
public final class ApiServerUnderTest implements ExecutionCondition {
    private static final DockerImageName K3S = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");
    private static final String ABSENT =
            "No API server: set KUBECONFIG to a cluster that may be changed, or start Docker (for K3s).";

    private static final Logger TESTCONTAINERS_LOG = Logger.getLogger("org.testcontainers");

    private static @Nullable Source source;
    private static @Nullable String kubeconfig;
    private static @Nullable KubernetesClient client;

    /** Where an API server can be had from. */
    enum Source {
        KUBECONFIG,
        K3S,
        /** Nowhere; the test is skipped. */
        SKIP,
        /** Nowhere, and that is a failure. */
        FAIL
    }

    /** An administrator of the cluster; shared, so do not close it. Skips the calling test if there is none. */
    public static synchronized KubernetesClient client() {
        if (client == null) {
            var created = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(kubeconfig()))
                    .build();
            Runtime.getRuntime().addShutdownHook(new Thread(created::close));
            client = created;
        }
        return client;
    }

    /** The text of the administrator's kubeconfig, for tests that start another process. Skips as {@link #client()}. */
    public static synchronized String kubeconfig() {
        if (kubeconfig == null) {
            kubeconfig = switch (source()) {
                case KUBECONFIG -> read(System.getenv("KUBECONFIG"));
                case K3S -> startK3s();
                case SKIP -> Assumptions.abort(ABSENT);
                case FAIL -> Assertions.fail(ABSENT);
            };
        }
        return kubeconfig;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return source() == Source.SKIP
                ? ConditionEvaluationResult.disabled(ABSENT)
                : ConditionEvaluationResult.enabled("there is an API server, or there has to be one");
    }

    private static synchronized Source source() {
        if (source == null) {
            source = choose(System.getenv(), ApiServerUnderTest::dockerWorks);
            if (source == Source.SKIP) {
                // Maven prints how many tests were skipped but not why.
                System.err.println("Tests against a real API server are skipped. " + ABSENT);
            }
        }
        return source;
    }

    /** Docker is asked only if nothing else decides, since that takes seconds. */
    static Source choose(Map<String, String> environment, BooleanSupplier dockerWorks) {
        if (!environment.getOrDefault("KUBECONFIG", "").isBlank()) {
            return Source.KUBECONFIG;
        }
        if (dockerWorks.getAsBoolean()) {
            return Source.K3S;
        }
        return "true".equals(environment.get("CI")) ? Source.FAIL : Source.SKIP;
    }

    /** Without Docker, Testcontainers would log an error of many lines; the one line of the skipped test is enough. */
    private static boolean dockerWorks() {
        var level = TESTCONTAINERS_LOG.getLevel();
        TESTCONTAINERS_LOG.setLevel(Level.OFF);
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } finally {
            TESTCONTAINERS_LOG.setLevel(level);
        }
    }

    /** Testcontainers removes the container when the JVM ends. */
    @SuppressWarnings("resource")
    private static String startK3s() {
        var k3s = new K3sContainer(K3S);
        k3s.start();
        return k3s.getKubeConfigYaml();
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException("KUBECONFIG names a file that cannot be read: " + path, e);
        }
    }
}
