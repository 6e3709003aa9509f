package io.tenantpool.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * An API server in this JVM, reachable by other processes through a kubeconfig. It checks no schema and no rights; a
 * real API server is asked for those in {@code *ApiServerIT}.
 */
public final class ApiServerDouble implements AutoCloseable {
    /** Held here because the logging framework forgets the level of a logger that nobody refers to. */
    private static final Logger MOCK_LOG = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        MOCK_LOG.setLevel(Level.WARNING);
    }

    private final ApiServerDispatcher dispatcher = new ApiServerDispatcher();
    private final KubernetesMockServer server;
    private final KubernetesClient client;

    private ApiServerDouble(int port, boolean https) {
        server = new KubernetesMockServer(
                new Context(Json.MAPPER), new MockWebServer(), new HashMap<>(), dispatcher, https);
        server.init(InetAddress.getLoopbackAddress(), port);
        client = new KubernetesClientBuilder().withConfig(config(https)).build();
        loadCrds(BuildDirectory.projectRoot().resolve("crds"));
    }

    /** Starts on a free port of 127.0.0.1, without TLS. */
    public static ApiServerDouble start() {
        return start(0, false);
    }

    /** Starts on this port of 127.0.0.1; 0 is a free one. */
    public static ApiServerDouble start(int port, boolean https) {
        return new ApiServerDouble(port, https);
    }

    private Config config(boolean https) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl((https ? "https" : "http") + "://127.0.0.1:" + server.getPort())
                .withTrustCerts(true)
                .withNamespace("default")
                .withHttp2Disable(true)
                .build();
    }

    private void loadCrds(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(
                            f -> f.toString().endsWith(".yml") || f.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                apply(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    /** Applies every object of this file, as {@code kubectl apply --server-side -f} does. */
    public void apply(Path file) {
        try (var stream = Files.newInputStream(file)) {
            client.load(stream).items().forEach(this::applyOne);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void applyOne(HasMetadata object) {
        client.resource(object).fieldManager("kubectl").forceConflicts().serverSideApply();
    }

    /** A client of this server; closed with it. */
    public KubernetesClient client() {
        return client;
    }

    /** The server's address. */
    public String url() {
        return client.getConfiguration().getMasterUrl();
    }

    /** Writes a kubeconfig with which another process reaches this server. */
    public Path writeKubeconfig(Path file) {
        String name = "tenantpool";
        String yaml = """
                apiVersion: v1
                kind: Config
                current-context: %1$s
                contexts: [{name: %1$s, context: {cluster: %1$s, user: %1$s, namespace: default}}]
                clusters: [{name: %1$s, cluster: {server: "%2$s"%3$s}}]
                users: [{name: %1$s, user: {token: none}}]
                """.formatted(name, url(), url().startsWith("https") ? ", insecure-skip-tls-verify: true" : "");
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
            return Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The objects of this kind, in all namespaces, as they are now and not as some cache remembers them. */
    public <T extends HasMetadata> List<T> list(Class<T> type) {
        return dispatcher.stored(group(type) + "/" + HasMetadata.getPlural(type)).stream()
                .map(json -> Json.KUBERNETES.unmarshal(json, type))
                .toList();
    }

    /** The object as it is now. */
    public <T extends HasMetadata> Optional<T> get(Class<T> type, String namespace, String name) {
        String path = group(type) + "/namespaces/" + namespace + "/" + HasMetadata.getPlural(type) + "/" + name;
        return dispatcher.stored(path).stream()
                .map(json -> Json.KUBERNETES.unmarshal(json, type))
                .findFirst();
    }

    private static String group(Class<? extends HasMetadata> type) {
        String apiVersion = HasMetadata.getApiVersion(type);
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    }

    /** Calls back after every write. */
    public void onChange(Runnable listener) {
        dispatcher.onChange(listener);
    }

    /** Lets somebody complete objects before they are created, as an admission plugin does. */
    public void admit(Consumer<ObjectNode> admission) {
        dispatcher.admit(admission);
    }

    /** Every write so far as {@code VERB path code}, for tests that count them. */
    public List<String> writes() {
        return dispatcher.writes();
    }

    /** Everything that programs with a token got, listed or watched so far, as {@code path?labelSelector}. */
    public Set<String> reads() {
        return dispatcher.reads().reads();
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
