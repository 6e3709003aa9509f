package io.tenantpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenantpool.testing.BuildDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The list of what the program is made of, against the libraries that were put beside the program. */
class SbomIT {
    private static final Path BOM = BuildDirectory.resolve("bom.json");
    // Quarkus leaves out the service file of this one, since it has an HTTP client of its own.
    private static final String WITHOUT_ITS_SERVICE = "io.fabric8.kubernetes-httpclient-vertx-";
    private static final Map<String, String> LISTED = new TreeMap<>();

    @BeforeAll
    static void readTheList() throws IOException {
        // The plugin does nothing where Maven is offline; where it matters it is not.
        assumeThat(Files.exists(BOM) || "true".equals(System.getenv("CI")))
                .as("there is a list")
                .isTrue();
        JsonNode bom = new ObjectMapper().readTree(BOM.toFile());
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        for (JsonNode component : bom.path("components")) {
            LISTED.put(fileName(component), sha256(component));
        }
        System.out.println("SBOM: " + LISTED.size() + " components");
    }

    @Test
    void everyLibraryOfTheProgramIsListedWithItsChecksum() throws Exception {
        List<Path> libraries;
        try (Stream<Path> files = Files.walk(BuildDirectory.resolve("quarkus-app/lib"))) {
            libraries = files.filter(Files::isRegularFile).toList();
        }
        assertThat(libraries).isNotEmpty();
        for (Path library : libraries) {
            String name = library.getFileName().toString();
            assertThat(LISTED).containsKey(name);
            if (!name.startsWith(WITHOUT_ITS_SERVICE)) {
                assertThat(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(library))))
                        .as(name)
                        .isEqualTo(LISTED.get(name));
            }
        }
    }

    @Test
    void whatIsForTestsAloneIsNotListed() {
        assertThat(LISTED.keySet())
                .isNotEmpty()
                .noneMatch(name -> name.matches("org\\.(junit|assertj|testcontainers).*"));
    }

    /** As Quarkus names the file: group, artifact, version and, if there is one, the classifier. */
    private static String fileName(JsonNode component) {
        String purl = component.path("purl").asText();
        String classifier = purl.replaceAll(".*classifier=([^&]*).*|.*", "$1");
        return component.path("group").asText() + "." + component.path("name").asText() + "-"
                + component.path("version").asText()
                + (classifier.isEmpty() ? "" : "-" + classifier)
                + ".jar";
    }

    private static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if ("SHA-256".equals(hash.path("alg").asText())) {
                return hash.path("content").asText();
            }
        }
        return "";
    }
}
