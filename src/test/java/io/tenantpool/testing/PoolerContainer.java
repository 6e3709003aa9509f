package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one container of a pod as a process; it is started again when it dies. */
final class PoolerContainer {
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);

    private final PgBouncerProgram program;
    private final PodVolumes volumes;
    private final Path log;
    private @Nullable Process process;
    private @Nullable Instant startedAt;
    private Instant startNotBefore = Instant.EPOCH;
    private int restarts;

    PoolerContainer(PgBouncerProgram program, PodVolumes volumes, Path log) {
        this.program = program;
        this.volumes = volumes;
        this.log = log;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    Optional<Instant> startedAt() {
        return Optional.ofNullable(startedAt);
    }

    int restarts() {
        return restarts;
    }

    /** Starts the process if it should run and does not; whether that is so afterwards. */
    boolean keepRunning(Pod pod, Container container, Instant now) {
        if (isRunning()) {
            return true;
        }
        if (startedAt != null) {
            startedAt = null;
            restarts++;
            startNotBefore = now.plus(RESTART_DELAY);
        }
        if (now.isBefore(startNotBefore) || !volumes.project(pod, container)) {
            return false;
        }
        start(pod, container);
        startedAt = now.truncatedTo(ChronoUnit.SECONDS);
        return true;
    }

    private void start(Pod pod, Container container) {
        List<String> command = new ArrayList<>(container.getCommand());
        command.addAll(container.getArgs());
        if (command.isEmpty() || !command.get(0).endsWith("pgbouncer")) {
            throw new IllegalStateException("the local node runs only PgBouncer, not " + command);
        }
        ProcessBuilder builder = new ProcessBuilder(program.commandLine(command.subList(1, command.size())));
        String directory = Optional.ofNullable(container.getWorkingDir()).orElse("/");
        File where = BuildDirectory.create(volumes.inside(directory)).toFile();
        builder.directory(where).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        for (EnvVar variable : container.getEnv()) {
            builder.environment().put(variable.getName(), valueOf(pod, variable));
        }
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("PgBouncer could not be started", e);
        }
    }

    /** What the process wrote so far, and those before it. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String valueOf(Pod pod, EnvVar variable) {
        if (variable.getValueFrom() != null && variable.getValueFrom().getFieldRef() != null) {
            return PodField.valueOf(pod, variable.getValueFrom().getFieldRef().getFieldPath());
        }
        return Optional.ofNullable(variable.getValue()).orElse("");
    }

    /** Sends a signal by name; Java itself knows only TERM and KILL. */
    void signal(String name) {
        if (process == null || !process.isAlive()) {
            return;
        }
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts what the container's preStop hook says; nothing if there is no hook, or no process to stop. */
    Optional<PreStopHook> startPreStop(Container container, Duration sleep) {
        if (process == null || !process.isAlive()) {
            return Optional.empty();
        }
        return PreStopHook.start(container, process.pid(), sleep);
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
