package io.tenantpool.api.schema;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file under {@code src/test/resources/crd}: an object, or two of which the second replaces the first.
 *
 * @param name kind and file name, such as {@code tenant/invalid-no-user.yaml}
 * @param text of the file
 */
record Example(String name, String text) {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "crd");
    private static final String EXPECT = "# expect: ";

    /** All that begin with {@code prefix}, sorted by name. */
    static List<Example> all(String prefix) {
        try (Stream<Path> paths = Files.walk(DIRECTORY)) {
            return paths.filter(path -> path.getFileName().toString().startsWith(prefix + "-"))
                    .sorted()
                    .map(Example::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the refusal must contain; empty for a valid example. */
    List<String> expected() {
        return text.lines()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()))
                .toList();
    }

    /** Whether it needs the copy of the schema in which every enum has a second value. */
    boolean needsWidenedSchema() {
        return text.lines().anyMatch("# widened schema"::equals);
    }

    /** One or two objects. */
    List<GenericKubernetesResource> objects() {
        return Stream.of(text.split("(?m)^---$"))
                .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Example read(Path path) {
        try {
            var name = DIRECTORY.relativize(path).toString().replace('\\', '/');
            return new Example(name, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
