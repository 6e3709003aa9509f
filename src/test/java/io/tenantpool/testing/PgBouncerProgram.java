package io.tenantpool.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PgBouncer that can be started on this machine.
 *
 * @param command what stands for the {@code pgbouncer} of a pod's command line
 * @param version as the program reports it
 */
public record PgBouncerProgram(List<String> command, String version) {
    private static final int[] OLDEST = {1, 24};
    private static final Pattern VERSION = Pattern.compile("PgBouncer (\\d+)\\.(\\d+)\\.(\\d+)");

    /** What to tell a person whose machine has none. */
    public static final String HOW_TO_INSTALL = "no PgBouncer >= 1.24 found; install one"
            + " (apt-get install pgbouncer on Debian 13, brew install pgbouncer, or the packages of the PostgreSQL"
            + " project) and set PGBOUNCER to its path";

    /** {@code $PGBOUNCER}, then the PATH, then Debian's package, unpacked below the build directory. */
    public static Optional<PgBouncerProgram> find() {
        for (String candidate : installed()) {
            Optional<PgBouncerProgram> program = usable(List.of(candidate));
            if (program.isPresent()) {
                return program;
            }
        }
        return new DebianPackage(BuildDirectory.resolve("pgbouncer")).command().flatMap(PgBouncerProgram::usable);
    }

    /** The second program, {@code $PGBOUNCER_OLD}: the oldest version that is served. */
    static Optional<PgBouncerProgram> old() {
        String chosen = System.getenv("PGBOUNCER_OLD");
        return chosen == null || chosen.isBlank() ? Optional.empty() : usable(List.of(chosen));
    }

    private static List<String> installed() {
        List<String> candidates = new ArrayList<>();
        String chosen = System.getenv("PGBOUNCER");
        if (chosen != null && !chosen.isBlank()) {
            candidates.add(chosen);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + "/usr/sbin";
        Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .map(directory -> Path.of(directory, "pgbouncer"))
                .filter(Files::isExecutable)
                .forEach(file -> candidates.add(file.toString()));
        return candidates;
    }

    private static Optional<PgBouncerProgram> usable(List<String> command) {
        List<String> ask = new ArrayList<>(command);
        ask.add("--version");
        String answer = output(ask);
        Matcher version = VERSION.matcher(answer == null ? "" : answer);
        if (!version.find()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        boolean recent = major > OLDEST[0] || (major == OLDEST[0] && minor >= OLDEST[1]);
        return recent
                ? Optional.of(new PgBouncerProgram(
                        List.copyOf(command), version.group().substring("PgBouncer ".length())))
                : Optional.empty();
    }

    private static @Nullable String output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) ? text : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The command line of a PgBouncer with these arguments; it never runs as root, which it would refuse. */
    public List<String> commandLine(List<String> arguments) {
        List<String> line = new ArrayList<>(command);
        if ("root".equals(System.getProperty("user.name"))) {
            line.addAll(List.of("-u", "nobody"));
        }
        line.addAll(arguments);
        return line;
    }
}
