package io.tenantpool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory that changes all at once, the way the kubelet does it: the files lie in a directory of their own,
 * {@code ..data} points to it, and an update is one rename of that link.
 */
final class ProjectedDirectory {
    private static final String DATA = "..data";

    private final Path directory;
    private Map<String, String> content = Map.of();
    private int version;

    ProjectedDirectory(Path directory) {
        this.directory = BuildDirectory.create(directory);
    }

    /** Shows these files from now on; whether that changed anything. */
    boolean write(Map<String, String> files) {
        if (version > 0 && files.equals(content)) {
            return false;
        }
        try {
            version++;
            Path next = Files.createDirectory(directory.resolve("..version-" + version));
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path target = next.resolve(file.getKey());
                BuildDirectory.create(target.resolveSibling(""));
                Files.writeString(target, file.getValue());
            }
            Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
            Files.move(link, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
            linkNames(files);
            removeBefore(next);
            content = Map.copyOf(new TreeMap<>(files));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot project into " + directory, e);
        }
    }

    private void linkNames(Map<String, String> files) throws IOException {
        for (String name : files.keySet()) {
            Path first = Path.of(name).getName(0);
            Path visible = directory.resolve(first);
            if (!Files.isSymbolicLink(visible)) {
                Files.createSymbolicLink(visible, Path.of(DATA).resolve(first));
            }
        }
        for (String name : content.keySet()) {
            if (!files.containsKey(name)) {
                Files.deleteIfExists(directory.resolve(name));
            }
        }
    }

    private void removeBefore(Path current) throws IOException {
        try (Stream<Path> versions = Files.list(directory)) {
            for (Path old : versions.filter(
                            path -> path.getFileName().toString().startsWith("..version-"))
                    .filter(path -> !path.equals(current))
                    .toList()) {
                delete(old);
            }
        }
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
