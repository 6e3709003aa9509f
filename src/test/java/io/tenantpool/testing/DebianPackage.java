package io.tenantpool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian's PgBouncer without installing it: apt, with a configuration of its own below the build directory, fetches
 * the package and its libraries from a newer suite of the very mirror that this machine already trusts; they are
 * unpacked beside each other and started through their own dynamic linker. Needs no root and changes nothing.
 */
final class DebianPackage {
    /** The first suite that has a recent enough one wins; the stable one has fewer surprises. */
    private static final List<String> SUITES = List.of("trixie", "sid");

    /** Of everything that the package depends on, the program itself needs only shared libraries. */
    private static final Pattern WANTED = Pattern.compile("(pgbouncer|zlib1g|lib.*)");

    private static final Pattern UNWANTED =
            Pattern.compile("lib(.*-perl|perl.*|debconfclient.*|semanage.*|sepol.*|ncurses.*|proc2.*|gdbm.*|db5.*|"
                    + "text-.*|pam-modules.*|pam-runtime.*)");

    /** Where Debian keeps its archive keys; without the file apt asks the machine's trusted keys. */
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

    private final Path directory;
    private final Path root;

    DebianPackage(Path directory) {
        this.directory = directory;
        this.root = directory.resolve("root");
    }

    /** How to start the program, fetched first if need be; empty when it can't be had. */
    Optional<List<String>> command() {
        Optional<List<String>> present = unpacked();
        if (present.isPresent()) {
            return present;
        }
        if (!run(List.of("apt-get", "--version"), directory.resolveSibling(".")).ok()
                || !run(List.of("dpkg-deb", "--version"), directory.resolveSibling("."))
                        .ok()) {
            return Optional.empty();
        }
        return SUITES.stream().filter(this::fetch).findFirst().flatMap(suite -> unpacked());
    }

    private boolean fetch(String suite) {
        Path apt = directory.resolve("apt-" + suite);
        try {
            List<String> sources = sources(suite);
            if (sources.isEmpty()) {
                return false;
            }
            for (String part : List.of("lists/partial", "cache/archives/partial", "etc", "debs")) {
                BuildDirectory.create(apt.resolve(part));
            }
            Files.write(apt.resolve("etc/sources.list"), sources);
            Files.writeString(apt.resolve("etc/status"), "");
            List<String> packages = packages(apt);
            return !packages.isEmpty() && download(apt, packages);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write below " + directory, e);
        }
    }

    /** The machine's own sources of Debian itself, with the suite replaced. */
    private List<String> sources(String suite) {
        Answer targets = run(
                List.of("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"), Path.of("/"));
        String key = Files.isReadable(KEYRING) ? "[signed-by=" + KEYRING + "] " : "";
        Set<String> lines = new TreeSet<>();
        for (String line : targets.output().lines().toList()) {
            if (line.trim().matches("https?://.*/debian/?")) {
                lines.add("deb " + key + line.trim() + " " + suite + " main");
            }
        }
        return List.copyOf(lines);
    }

    private List<String> packages(Path apt) {
        if (!run(apt(apt, "-qq", "update"), apt).ok()) {
            return List.of();
        }
        Answer closure = run(apt(apt, "-qq", "--print-uris", "--no-install-recommends", "install", "pgbouncer"), apt);
        // Each line is 'uri' name_version_arch.deb size hash.
        return closure.output()
                .lines()
                .map(line -> line.split(" "))
                .filter(parts -> parts.length > 2 && parts[1].contains("_"))
                .map(parts -> parts[1].substring(0, parts[1].indexOf('_')))
                .filter(name -> WANTED.matcher(name).matches()
                        && !UNWANTED.matcher(name).matches())
                .toList();
    }

    private boolean download(Path apt, List<String> packages) throws IOException {
        List<String> download = apt(apt, "-qq", "download");
        download.addAll(packages);
        Path debs = apt.resolve("debs");
        if (!run(download, debs).ok()) {
            return false;
        }
        try (Stream<Path> files = Files.list(debs)) {
            for (Path deb : files.toList()) {
                if (!run(List.of("dpkg-deb", "-x", deb.toString(), root.toString()), debs)
                        .ok()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<String> apt(Path apt, String... arguments) {
        List<String> line = new ArrayList<>(List.of("apt-get"));
        for (String option : List.of(
                "Dir::Etc::sourcelist=" + apt.resolve("etc/sources.list"),
                "Dir::Etc::sourceparts=/dev/null",
                "Dir::Etc::preferences=/dev/null",
                "Dir::Etc::preferencesparts=/dev/null",
                "Dir::State::status=" + apt.resolve("etc/status"),
                "Dir::State::lists=" + apt.resolve("lists"),
                "Dir::Cache=" + apt.resolve("cache"),
                "Acquire::Languages=none",
                "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
                // The sandbox user of root's apt cannot write below a private home.
                "APT::Sandbox::User=")) {
            line.add("-o");
            line.add(option);
        }
        line.addAll(List.of(arguments));
        return line;
    }

    private Optional<List<String>> unpacked() {
        Path program = root.resolve("usr/sbin/pgbouncer");
        if (!Files.isRegularFile(program)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> libraries = files.filter(file -> Files.isRegularFile(file)
                            && file.getFileName().toString().matches(".*\\.so(\\.[0-9.]+)?"))
                    .toList();
            Optional<Path> linker = libraries.stream()
                    .filter(file -> file.getFileName().toString().startsWith("ld-linux"))
                    .findFirst();
            Set<String> path = new TreeSet<>();
            libraries.forEach(file -> path.add(file.resolveSibling("").toString()));
            return linker.map(ld -> List.of(
                    ld.toString(),
                    "--library-path",
                    String.join(":", path),
                    "--argv0",
                    "pgbouncer",
                    program.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + root, e);
        }
    }

    private static Answer run(List<String> command, Path where) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(where.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0, text);
        } catch (IOException e) {
            return new Answer(false, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(false, "");
        }
    }

    private record Answer(boolean ok, String output) {}
}
