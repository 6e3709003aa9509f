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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The real API server that a test talks to, one for the whole JVM: {@code $KUBECONFIG} if it is set, else K3s in a
 * container if Docker works. If there is neither, the test is skipped with one line, or fails if {@code CI=true}, where
 * a tier that does not run must not look like one that passed.
 */
public final class ApiServerUnderTest {
    private static final DockerImageName K3S = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");
    private static final String ABSENT =
            "No API server: set KUBECONFIG to a cluster that may be changed, or start Docker (for K3s).";

    private static @Nullable String kubeconfig;
    private static @Nullable KubernetesClient client;

    private ApiServerUnderTest() {}

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
            kubeconfig = switch (choose(System.getenv(), ApiServerUnderTest::dockerWorks)) {
                case KUBECONFIG -> read(System.getenv("KUBECONFIG"));
                case K3S -> startK3s();
                case SKIP -> Assumptions.abort(ABSENT);
                case FAIL -> Assertions.fail(ABSENT);
            };
        }
        return kubeconfig;
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

    private static boolean dockerWorks() {
        return DockerClientFactory.instance().isDockerAvailable();
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
