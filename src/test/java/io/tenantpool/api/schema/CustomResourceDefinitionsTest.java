package io.tenantpool.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.tenantpool.testing.CommittedCrds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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

    @Test
    void everyRuleHasAnExampleThatBreaksIt() {
        var expected = Example.all("invalid").stream()
                .flatMap(example -> example.expected().stream())
                .toList();
        var rules = schemas().stream()
                .flatMap(schema -> Stream.ofNullable(schema.getXKubernetesValidations()))
                .flatMap(List::stream)
                .map(ValidationRule::getMessage);
        assertThat(rules).isNotEmpty().allSatisfy(message -> assertThat(expected)
                .as("example for: %s", message)
                .anySatisfy(text -> assertThat(message).startsWith(text)));
    }

    @Test
    void everyTextListAndMapIsBounded() {
        assertThat(schemas()).allSatisfy(schema -> {
            switch (String.valueOf(schema.getType())) {
                case "string" ->
                    assertThat(schema.getMaxLength() != null
                                    || schema.getEnum() != null
                                    || "date-time".equals(schema.getFormat()))
                            .isTrue();
                case "array" -> {
                    assertThat(schema.getMaxItems()).isNotNull();
                    assertThat(schema.getXKubernetesListType()).isNotNull();
                }
                case "integer" -> assertThat(schema.getMinimum()).isNotNull();
                default ->
                    assertThat(schema.getAdditionalProperties() == null || schema.getMaxProperties() != null)
                            .isTrue();
            }
        });
    }

    @Test
    void everyFieldIsDescribed() {
        assertThat(schemas())
                .flatExtracting(schema -> schema.getProperties() == null
                        ? List.of()
                        : List.copyOf(schema.getProperties().entrySet()))
                .allSatisfy(entry -> assertThat(((Map.Entry<?, ?>) entry).getValue())
                        .extracting("description")
                        .as("description of %s", ((Map.Entry<?, ?>) entry).getKey())
                        .isNotNull());
    }

    /** Every schema in the committed files, however deep. */
    private static List<JSONSchemaProps> schemas() {
        return CommittedCrds.read().stream()
                .flatMap(crd -> crd.getSpec().getVersions().stream())
                .flatMap(version -> withNested(version.getSchema().getOpenAPIV3Schema()))
                .toList();
    }

    private static Stream<JSONSchemaProps> withNested(JSONSchemaProps schema) {
        var children = new ArrayList<JSONSchemaProps>();
        if (schema.getProperties() != null) {
            children.addAll(schema.getProperties().values());
        }
        if (schema.getItems() != null) {
            children.add(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null) {
            children.add(schema.getAdditionalProperties().getSchema());
        }
        return Stream.concat(Stream.of(schema), children.stream().flatMap(CustomResourceDefinitionsTest::withNested));
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
