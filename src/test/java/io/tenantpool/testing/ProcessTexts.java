package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What somebody sees of a running process who may look at it from outside. */
public final class ProcessTexts {
    private static final String OF_EVERY_PROCESS = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ";
    private static final long SECONDS = 60;

    private ProcessTexts() {}

    /** The process's arguments and environment. */
    public static String argumentsAndEnvironment(ProcessHandle process) {
        Path files = Path.of("/proc", Long.toString(process.pid()));
        try {
            return Files.readString(files.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    + Files.readString(files.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("the process cannot be looked at", e);
        }
    }

    /** Every thread of a JVM with its stack and its locks. */
    public static String threads(ProcessHandle jvm) {
        return jcmd(jvm, "Thread.print", "-l") + jcmd(jvm, "VM.system_properties") + jcmd(jvm, "VM.command_line");
    }

    private static String jcmd(ProcessHandle jvm, String... command) {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            ProcessBuilder builder = new ProcessBuilder(program.toString(), Long.toString(jvm.pid()));
            builder.command().addAll(java.util.List.of(command));
            Process process = builder.redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("jcmd cannot be run", e);
        }
    }

    /** The arguments and the environment of every process in a pod's first container. */
    public static String argumentsAndEnvironment(KubernetesClient client, Pod pod) {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (ExecWatch shell = client.pods()
                .resource(pod)
                .writingOutput(seen)
                .exec("sh", "-c", OF_EVERY_PROCESS + " 2>/dev/null; true")) {
            shell.exitCode().get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the processes of the pod cannot be looked at", e);
        }
        return seen.toString(StandardCharsets.ISO_8859_1);
    }
}
