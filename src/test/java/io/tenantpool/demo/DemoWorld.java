package io.tenantpool.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.tenantpool.testing.ApiServerDouble;
import io.tenantpool.testing.BuildDirectory;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.LocalNode;
import io.tenantpool.testing.OperatorProcess;
import io.tenantpool.testing.PgBouncerProgram;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Everything that a cluster would have: PostgreSQL, an API server, a node, and the operator. */
final class DemoWorld implements AutoCloseable {
    static final String OPERATOR_LOG = "operator.log";
    private static final String UPSTREAM_HOST = "postgres.db.svc.cluster.local";
    private static final int MAX_CONNECTIONS = 200;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ApiServerDouble api;
    private final LocalNode node;
    private final EmbeddedPostgresServer postgres;

    private DemoWorld(PgBouncerProgram program) {
        // It takes a while and needs nobody: the rest starts beside it.
        CompletableFuture<EmbeddedPostgresServer> database =
                CompletableFuture.supplyAsync(() -> EmbeddedPostgresServer.start(MAX_CONNECTIONS));
        api = opened(ApiServerDouble.start());
        node = opened(LocalNode.start(api, program));
        try {
            postgres = opened(database.join());
        } catch (CompletionException e) {
            close();
            throw new DemoFailure("PostgreSQL could not be started: " + e.getCause());
        }
        node.addHost(UPSTREAM_HOST, 5432, postgres.host(), postgres.port());
    }

    static DemoWorld start(Narrator narrator, PgBouncerProgram program, Path directory) {
        narrator.chapter("Starting PostgreSQL, an API server, a node and the operator");
        DemoWorld world = new DemoWorld(program);
        narrator.say("PostgreSQL is ready, max_connections = %d", MAX_CONNECTIONS);
        narrator.say("PgBouncer is version %s", program.version());
        try {
            world.startOperator(narrator, directory);
            return world;
        } catch (RuntimeException e) {
            world.close();
            throw e;
        }
    }

    private void startOperator(Narrator narrator, Path directory) {
        samples("00-namespaces.yaml", "poolercluster.yaml").forEach(api::apply);
        Path kubeconfig = api.writeKubeconfig(directory.resolve("kubeconfig"));
        Instant start = Instant.now();
        opened(OperatorProcess.start(kubeconfig, Map.of(), directory.resolve(OPERATOR_LOG)));
        narrator.say("the operator is ready, %.1f s after its start", Narrator.seconds(start));
    }

    private static List<Path> samples(String... names) {
        return List.of(names).stream().map(DemoWorld::sample).toList();
    }

    static Path sample(String name) {
        return BuildDirectory.projectRoot()
                .resolve("manifests")
                .resolve("samples")
                .resolve(name);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    ApiServerDouble api() {
        return api;
    }

    LocalNode node() {
        return node;
    }

    EmbeddedPostgresServer postgres() {
        return postgres;
    }

    List<Pod> readyPods() {
        return node.pods().stream().filter(LocalNode::isReady).toList();
    }

    /** The Service of the poolers; the samples have one door. */
    Service service() {
        return api.list(Service.class).stream()
                .filter(service -> service.getSpec().getSelector() != null)
                .findFirst()
                .orElseThrow(() -> new DemoFailure("the operator has made no Service"));
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                // The rest has to be closed all the same; the reason is in the demo's log.
                e.printStackTrace();
            }
        }
    }
}
