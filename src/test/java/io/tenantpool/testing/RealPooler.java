package io.tenantpool.testing;

import io.tenantpool.engine.Engine;
import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerContent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;

/** One real PgBouncer on the files that an engine rendered, without Kubernetes around it. */
public final class RealPooler implements AutoCloseable {
    public static final String HOST = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final Engine engine;
    private final Path directory;
    private final ListenerModel listener;
    private final Process process;
    private PoolerContent served;

    private RealPooler(
            Engine engine, Path directory, ListenerModel listener, PgBouncerProgram program, PoolerContent content)
            throws IOException {
        this.engine = engine;
        this.directory = directory;
        this.listener = listener;
        served = content;
        var shape = engine.podShape(listener);
        BuildDirectory.create(directory.resolve(shape.settings()));
        BuildDirectory.create(directory.resolve(shape.live()));
        for (var file : engine.settings(listener).entrySet()) {
            Files.writeString(directory.resolve(shape.settings()).resolve(file.getKey()), file.getValue());
        }
        write(shape.perPod(), ""); // as the kubelet writes it before the pod is annotated
        write(engine.render(content));
        var command = shape.command();
        process = new ProcessBuilder(program.commandLine(command.subList(1, command.size())))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /** Starts it on a free port, which stands in place of the listener's. */
    public static RealPooler start(PgBouncerProgram program, Engine engine, PoolerContent content) {
        try (var free = new ServerSocket(0)) {
            var given = content.listener();
            var listener = new ListenerModel(
                    given.name(),
                    given.poolMode(),
                    given.target(),
                    free.getLocalPort(),
                    given.replicas(),
                    given.maxReplicas(),
                    given.targetCpuPercentage(),
                    given.maxClientConnectionsPerPod(),
                    given.defaultPoolSize(),
                    given.terminationGracePeriodSeconds());
            free.close();
            var directory = BuildDirectory.resolve("real-pooler").resolve(Integer.toString(listener.port()));
            var pooler = new RealPooler(engine, directory, listener, program, content);
            Awaitility.await()
                    .alias("PgBouncer " + program.version() + " answers")
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> !pooler.ask("SHOW VERSION").isEmpty());
            return pooler;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.port();
    }

    /** Replaces the files, reloads them, and checks that it reads them to their end. */
    public void serve(PoolerContent content) {
        var files = engine.render(content);
        write(files);
        ask(engine.console().reload()); // until then the console opens to what opened it before
        served = content;
        var config = config();
        if (!files.revision().equals(config.get(engine.console().markerKey()))) {
            throw new IllegalStateException("RELOAD did not read every file to its end: " + config);
        }
    }

    /**
     * One RELOAD.
     *
     * @param answer how long the console took to answer
     * @param cpu what it cost the process, however many others want the machine's CPUs
     */
    public record Reload(Duration answer, Duration cpu) {}

    /** Serves one after the other, each by a RELOAD in the same session of the console. */
    public List<Reload> reload(List<PoolerContent> contents) {
        var options = consoleOptions();
        var session = get(PgConnection.connect(vertx, options));
        var reloads = new ArrayList<Reload>();
        for (var content : contents) {
            write(engine.render(content));
            var cpu = cpuNanos();
            var start = System.nanoTime();
            get(session.query(engine.console().reload()).execute());
            var answer = Duration.ofNanos(System.nanoTime() - start);
            reloads.add(new Reload(answer, Duration.ofNanos(cpuNanos() - cpu)));
        }
        get(session.close());
        return reloads;
    }

    /** The kernel's own count where there is one: the portable one is in steps of 10 ms. */
    private long cpuNanos() {
        try {
            var exact = Path.of("/proc", Long.toString(process.pid()), "schedstat");
            return Files.exists(exact)
                    ? Long.parseLong(Files.readString(exact).split(" ", 2)[0])
                    : process.toHandle()
                            .info()
                            .totalCpuDuration()
                            .orElse(Duration.ZERO)
                            .toNanos();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Overwrites one of the files that RELOAD reads. */
    public void write(String file, String text) {
        var live = directory.resolve(engine.podShape(listener).live());
        try {
            // A new inode, as the kubelet makes one: PgBouncer passes over a user list that looks unchanged.
            var next = Files.writeString(live.resolve("next"), text);
            Files.move(next, live.resolve(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(PoolerFiles files) {
        files.projected().forEach((file, text) -> write(file, text.value()));
    }

    /** The settings that it runs with. */
    public Map<String, String> config() {
        var config = new HashMap<String, String>();
        ask("SHOW CONFIG").forEach(row -> config.put(row.get("key"), row.get("value")));
        return config;
    }

    /** Asks the admin console; a row is a map by column name. */
    public List<Map<String, String>> ask(String command) {
        var options = consoleOptions();
        var answer = PgConnection.connect(vertx, options).compose(connection -> connection
                .query(command)
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(RealPooler::text)
                        .toList())
                .onComplete(done -> connection.close()));
        return get(answer);
    }

    /** Logs in with a client that sends an empty password, too; fails with what the pooler says. */
    public void login(String database, String user, String password) {
        get(PgConnection.connect(vertx, options(database, user, password))
                .compose(connection -> connection.query("SELECT 1").execute().onComplete(done -> connection.close())));
    }

    /** As the operator opens it: with its certificate where there is TLS, with the password elsewhere. */
    private PgConnectOptions consoleOptions() {
        var key = served.keys().console();
        var options = options(
                engine.console().database(),
                engine.console().adminUser(),
                key.password().value());
        if (served.tls().offered() && key.identity() != null) {
            options.setPemKeyCertOptions(new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(key.identity().chain()))
                    .setKeyValue(Buffer.buffer(key.identity().key().value())));
        }
        return options;
    }

    private PgConnectOptions options(String database, String user, String password) {
        var options = new PgConnectOptions()
                .setHost(HOST)
                .setPort(port())
                .setDatabase(database)
                .setUser(user)
                .setPassword(password)
                .setSslMode(served.tls().offered() ? SslMode.REQUIRE : SslMode.DISABLE)
                .setReconnectAttempts(0);
        options.setTrustAll(true);
        options.setProperties(new HashMap<>(Map.of("client_encoding", "UTF8")));
        return options;
    }

    private static Map<String, String> text(Row row) {
        var text = new HashMap<String, String>();
        for (var i = 0; i < row.size(); i++) {
            text.put(row.getColumnName(i), String.valueOf(row.getValue(i)));
        }
        return text;
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** What it logged. */
    public List<String> log() {
        try {
            return new ArrayList<>(Files.readAllLines(directory.resolve("log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(5, TimeUnit.SECONDS).join();
        get(vertx.close());
    }
}
