package io.tenantpool.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares {@code crds/} with the classes of the API, and is its only writer. */
class CustomResourceDefinitionsTest {
    private static final Path DIRECTORY = Path.of("crds");
    private static final String REWRITE = "./mvnw test -Dtest=CustomResourceDefinitionsTest -Dcrds.write=true";

    @BeforeAll
    static void rewriteIfAsked() throws IOException {
        if (Boolean.getBoolean("crds.write")) {
            Files.createDirectories(DIRECTORY);
            for (var file : CrdText.generate().entrySet()) {
                Files.writeString(DIRECTORY.resolve(file.getKey()), file.getValue());
            }
        }
    }

    @Test
    void theCommittedFilesAreWhatTheClassesSay() throws IOException {
        assertThat(committed())
                .as("crds/ differs from the classes in io.tenantpool.api.v1alpha1; rewrite it with: %s", REWRITE)
                .isEqualTo(CrdText.generate());
    }

    @Test
    void generatingTwiceGivesTheSameBytes() throws IOException {
        assertThat(CrdText.generate()).isEqualTo(CrdText.generate());
    }

    private static Map<String, String> committed() throws IOException {
        var files = new TreeMap<String, String>();
        try (var paths = Files.list(DIRECTORY)) {
            for (var path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }
}
