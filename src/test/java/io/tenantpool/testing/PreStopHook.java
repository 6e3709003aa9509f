package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A preStop hook that runs: a shell script, in which process 1 is the container's own, or a sleep. */
final class PreStopHook {
    private static final Pattern FIRST_SLEEP = Pattern.compile("^sleep [0-9.]+");
    private static final Pattern KILL = Pattern.compile("(\\w*kill\\w*)( -[A-Z0-9]+ 1(?![0-9]))?");

    private final @Nullable Process process;
    private final Instant notBefore;

    private PreStopHook(@Nullable Process process, Instant notBefore) {
        this.process = process;
        this.notBefore = notBefore;
    }

    static Optional<PreStopHook> start(Container container, long pid, Duration sleep) {
        return Optional.ofNullable(container.getLifecycle())
                .map(Lifecycle::getPreStop)
                .map(handler -> start(handler, pid, sleep));
    }

    private static PreStopHook start(LifecycleHandler handler, long pid, Duration sleep) {
        if (handler.getSleep() != null) {
            return new PreStopHook(null, Instant.now().plus(sleep));
        }
        if (handler.getExec() == null) {
            throw new IllegalStateException("the local node knows no hook like " + handler);
        }
        try {
            Process process = new ProcessBuilder(
                            "sh", "-c", script(handler.getExec().getCommand(), pid, sleep))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new PreStopHook(process, Instant.EPOCH);
        } catch (IOException e) {
            throw new UncheckedIOException("the preStop hook could not be started", e);
        }
    }

    /** The script for this machine, where process 1 is not the pooler and must never get its signals. */
    static String script(List<String> command, long pid, Duration sleep) {
        if (command.size() != 3 || !"sh".equals(command.get(0)) || !"-c".equals(command.get(1))) {
            throw new IllegalStateException("the local node runs only sh -c as a hook, not " + command);
        }
        String shortened = FIRST_SLEEP
                .matcher(command.get(2))
                .replaceFirst(String.format(Locale.ROOT, "sleep %.3f", sleep.toMillis() / 1000.0));
        return KILL.matcher(shortened).replaceAll(found -> translated(found, pid));
    }

    private static String translated(MatchResult found, long pid) {
        if (!"kill".equals(found.group(1)) || found.group(2) == null) {
            throw new IllegalStateException("a hook may signal process 1 of its container only: " + found.group());
        }
        String signal = found.group(2);
        return "kill" + signal.substring(0, signal.length() - 1) + pid;
    }

    /** Whether the kubelet would go on to SIGTERM now. */
    boolean isOver(Instant now) {
        return process == null ? !now.isBefore(notBefore) : !process.isAlive();
    }

    /** Ends the script, if it still runs. */
    void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
