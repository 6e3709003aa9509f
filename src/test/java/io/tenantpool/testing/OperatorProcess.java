package io.tenantpool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The built operator as a process of its own, so that a test can kill it the way a node would, and so that nothing of
 * the test's class path reaches it.
 */
public final class OperatorProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Process process;
    private final Path log;
    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Thread shutdownHook;

    private OperatorProcess(Process process, Path log, int httpPort) {
        this.process = process;
        this.log = log;
        this.base = URI.create("http://127.0.0.1:" + httpPort);
        this.shutdownHook = new Thread(process::destroyForcibly, "operator-process-end");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** Starts the operator against the cluster of this kubeconfig and waits until it says that it is ready. */
    public static OperatorProcess start(Path kubeconfig, Map<String, String> systemProperties) {
        Path log = BuildDirectory.resolve("operator")
                .resolve("operator-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet() + ".log");
        return start(kubeconfig, systemProperties, log);
    }

    /** As {@link #start(Path, Map)}, with the log written to this file. */
    public static OperatorProcess start(Path kubeconfig, Map<String, String> systemProperties, Path log) {
        Path jar = BuildDirectory.resolve("quarkus-app").resolve("quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing; build it with ./mvnw package -DskipTests");
        }
        int port = freePort();
        try {
            BuildDirectory.create(log.toAbsolutePath().resolveSibling(""));
            ProcessBuilder builder = new ProcessBuilder(commandLine(jar, kubeconfig, port, systemProperties));
            // The machine's own cluster must never be reached by accident.
            builder.environment().remove("KUBERNETES_SERVICE_HOST");
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            OperatorProcess operator = new OperatorProcess(builder.start(), log, port);
            operator.awaitReady();
            return operator;
        } catch (IOException e) {
            throw new UncheckedIOException("the operator could not be started", e);
        }
    }

    private static List<String> commandLine(Path jar, Path kubeconfig, int port, Map<String, String> properties) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-Dkubeconfig=" + kubeconfig);
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + port);
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }

    private void awaitReady() {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (Instant.now().isBefore(deadline)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the operator ended with code " + process.exitValue()
                        + " while starting; its log is " + log + "\n" + lastLogLines());
            }
            if (isReady()) {
                return;
            }
            Pause.of(Duration.ofMillis(50));
        }
        close();
        throw new IllegalStateException("the operator was not ready within " + START_TIMEOUT.toSeconds()
                + " s; its log is " + log + "\n" + lastLogLines());
    }

    /** Whether the readiness endpoint answers 200 now. */
    public boolean isReady() {
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Everything the operator exposes to Prometheus. */
    public String metrics() {
        return text("/q/metrics");
    }

    /** What the operator answers under this path. */
    public String text(String path) {
        try {
            HttpResponse<String> response = get(path);
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " did not answer", e);
        }
    }

    /** The address of the operator's HTTP endpoints. */
    public URI http() {
        return base;
    }

    /** The process, for its memory or its id. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Where the operator's output is written. */
    public Path log() {
        return log;
    }

    /** Ends the operator with SIGKILL, as the node would when it is out of memory. */
    public void kill() {
        process.destroyForcibly();
        await(STOP_TIMEOUT);
        forgetHook();
    }

    /** Ends the operator with SIGTERM and waits for it. */
    public void stop() {
        process.destroy();
        if (!await(STOP_TIMEOUT)) {
            kill();
            throw new IllegalStateException("the operator ignored SIGTERM for " + STOP_TIMEOUT.toSeconds() + " s");
        }
        forgetHook();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            if (!await(Duration.ofSeconds(5))) {
                process.destroyForcibly();
                await(STOP_TIMEOUT);
            }
        }
        forgetHook();
    }

    private HttpResponse<String> get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the operator", e);
        }
    }

    private boolean await(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and with it the hook's purpose.
            return;
        }
    }

    private String lastLogLines() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
