package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A node in miniature: Deployments of the {@link ApiServerDouble} become real PgBouncer processes on loopback
 * addresses, with real projected files, probes, restarts and rollouts; Services become TCP forwarders. It stands in
 * for the kubelet, kube-proxy, cluster DNS and the Deployment controller, and for nothing else.
 */
public final class LocalNode implements AutoCloseable {
    static final String NAME = "local-node";
    private static final long TICK_MILLIS = 50;

    private final ApiServerDouble api;
    private final PgBouncerProgram program;
    private final Timing timing;
    private final Path directory;
    private final LoopbackNetwork network = LoopbackNetwork.acquire();
    private final Vertx vertx = Vertx.vertx();
    private final ServiceRouting routing = new ServiceRouting(vertx, network);
    private final DeploymentRollout rollout;
    private final Map<String, LocalPod> pods = new ConcurrentHashMap<>();
    private final Map<String, String> hosts = new ConcurrentHashMap<>();
    private final List<TcpForwarder> hostForwarders = new ArrayList<>();
    private final Semaphore changes = new Semaphore(1);
    private final List<String> failures = new ArrayList<>();
    private final Thread loop = new Thread(this::run, NAME);
    private final Thread shutdownHook = new Thread(this::killAll, NAME + "-end");
    private volatile boolean closed;

    /**
     * How fast the kubelet is.
     *
     * @param startDelay from a new pod object to its files and its process
     * @param kickDelay from a change of the pod object to its files
     * @param syncPeriod between two looks at the files of a pod that does not change
     * @param preStopSleep what the sleep of a preStop hook, which is for the endpoints to spread, is cut down to
     */
    public record Timing(Duration startDelay, Duration kickDelay, Duration syncPeriod, Duration preStopSleep) {
        public static final Timing DEFAULT = new Timing(
                Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(60), Duration.ofMillis(200));
    }

    private LocalNode(ApiServerDouble api, PgBouncerProgram program, Timing timing) {
        this.api = api;
        this.program = program;
        this.timing = timing;
        this.rollout = new DeploymentRollout(api);
        try {
            directory = Files.createTempDirectory(BuildDirectory.create(BuildDirectory.resolve("pods")), "node-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        loop.setDaemon(true);
    }

    /** Starts a node that serves this API server. */
    public static LocalNode start(ApiServerDouble api, PgBouncerProgram program) {
        return start(api, program, Timing.DEFAULT);
    }

    /** Starts a node whose kubelet is this fast. */
    public static LocalNode start(ApiServerDouble api, PgBouncerProgram program, Timing timing) {
        LocalNode node = new LocalNode(api, program, timing);
        api.admit(node.routing::assignAddress);
        api.onChange(node.changes::release);
        Runtime.getRuntime().addShutdownHook(node.shutdownHook);
        node.loop.start();
        return node;
    }

    /** Makes this name lead to an address of this machine, on this port of its own; stands in for cluster DNS. */
    public String addHost(String name, int port, String targetHost, int targetPort) {
        String address = network.nextHost();
        SocketAddress target = SocketAddress.inetSocketAddress(targetPort, targetHost);
        hostForwarders.add(new TcpForwarder(vertx, address, port, () -> Optional.of(target)));
        hosts.put(name, address);
        return address;
    }

    private void run() {
        while (!closed) {
            try {
                changes.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
                changes.drainPermits();
                tick();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    remember(e);
                }
            }
        }
    }

    private void tick() {
        Instant now = Instant.now();
        List<Pod> known = api.list(Pod.class);
        for (Deployment deployment : api.list(Deployment.class)) {
            rollout.tick(deployment, known, now);
        }
        Map<String, Pod> present = new HashMap<>();
        for (Pod pod : api.list(Pod.class)) {
            if (NAME.equals(pod.getSpec().getNodeName())) {
                present.put(pod.getMetadata().getUid(), pod);
            }
        }
        present.forEach((uid, pod) -> tickPod(uid, pod, now));
        pods.entrySet().removeIf(entry -> {
            if (present.containsKey(entry.getKey())) {
                return false;
            }
            entry.getValue().close();
            return true;
        });
        routing.tick(api.list(Service.class), api.list(Pod.class));
    }

    private void tickPod(String uid, Pod pod, Instant now) {
        LocalPod local = pods.computeIfAbsent(
                uid,
                id -> new LocalPod(
                        this,
                        network.nextPod(),
                        directory.resolve(pod.getMetadata().getName())));
        if (!local.tick(pod, now)) {
            pods.remove(uid);
        }
    }

    private void remember(RuntimeException e) {
        synchronized (failures) {
            failures.add(String.valueOf(e));
        }
    }

    /** What went wrong in the node itself; a test may want it to be empty. */
    public List<String> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    /** The pods of this node as the API server has them now. */
    public List<Pod> pods() {
        return api.list(Pod.class).stream()
                .filter(pod -> NAME.equals(pod.getSpec().getNodeName()))
                .toList();
    }

    /** Whether the pod runs, is ready and is not about to end. */
    public static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && condition(pod, "Ready")
                        .filter(condition -> "True".equals(condition.getStatus()))
                        .isPresent();
    }

    static Optional<PodCondition> condition(Pod pod, String type) {
        if (pod.getStatus() == null || pod.getStatus().getConditions() == null) {
            return Optional.empty();
        }
        return pod.getStatus().getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    /** Ends the pod's process with SIGKILL; the node starts it again. */
    public void killProcess(String podName) {
        local(podName).container().kill();
    }

    /** Stops the pod's process in its tracks: connections are accepted by the kernel and never answered. */
    public void pauseProcess(String podName) {
        local(podName).container().signal("STOP");
    }

    /** Lets a paused process go on. */
    public void resumeProcess(String podName) {
        local(podName).container().signal("CONT");
    }

    /** The files that the pod's container sees, by their absolute path. */
    public Map<String, String> filesOf(String podName) {
        return local(podName).volumes().contents();
    }

    /** What the pod's process wrote since the pod was created. */
    public String logOf(String podName) {
        return local(podName).container().log();
    }

    /**
     * Asks the API server to evict the pod, as a drain of its node does: it is marked as deleted, its preStop hook runs,
     * and the Deployment starts another one meanwhile. Budgets are not looked at.
     */
    public void evict(String podName) {
        Pod pod = named(podName);
        api.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(podName)
                .evict();
    }

    private LocalPod local(String podName) {
        return Optional.ofNullable(pods.get(named(podName).getMetadata().getUid()))
                .orElseThrow(() -> new IllegalStateException("pod " + podName + " is not on the node yet"));
    }

    private Pod named(String podName) {
        return pods().stream()
                .filter(pod -> podName.equals(pod.getMetadata().getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pod " + podName));
    }

    ApiServerDouble api() {
        return api;
    }

    Timing timing() {
        return timing;
    }

    PgBouncerProgram program() {
        return program;
    }

    String resolveHosts(String text) {
        String resolved = text;
        for (Map.Entry<String, String> host : hosts.entrySet()) {
            resolved = resolved.replace(host.getKey(), host.getValue());
        }
        return resolved;
    }

    private void killAll() {
        pods.values().forEach(LocalPod::kill);
    }

    @Override
    public void close() {
        closed = true;
        try {
            loop.interrupt();
            loop.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        killAll();
        routing.close();
        hostForwarders.forEach(TcpForwarder::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        network.close();
        try {
            ProjectedDirectory.delete(directory);
        } catch (IOException e) {
            remember(new UncheckedIOException("cannot remove " + directory, e));
        }
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has run or runs.
            return;
        }
    }
}
