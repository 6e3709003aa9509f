package io.tenantpool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Maven's {@code target/}: everything that the harness writes goes below it. */
public final class BuildDirectory {
    private BuildDirectory() {}

    /** A path below the build directory, absolute; not created. */
    public static Path resolve(String name) {
        return Path.of(System.getProperty("tenantpool.build.directory", "target"))
                .toAbsolutePath()
                .resolve(name);
    }

    /** The root of the project. */
    public static Path projectRoot() {
        Path parent = resolve(".").normalize().getParent();
        if (parent == null) {
            throw new IllegalStateException("the build directory has no parent");
        }
        return parent;
    }

    /** Creates the directory and its parents. */
    public static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
    }
}
