package io.tenantpool.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.testing.ApiServerUnderTest;
import io.tenantpool.testing.CommittedCrds;
import io.tenantpool.testing.HostileTexts;
import io.tenantpool.testing.StringField;
import io.tenantpool.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the schema lets in of the corpus, on a real API server: nothing that could end a line, a text or a path. What is
 * let in is held as meant by poolers without any schema, which the test of the same name with the real program shows.
 */
@ExtendWith(ApiServerUnderTest.class)
@TestInstance(Lifecycle.PER_CLASS)
class InjectionCorpusApiServerIT {
    private static final long SEED = 20_260_306;
    private static final int RANDOM = 2_000;
    private static final int UNPROCESSABLE = 422;
    private static final int BAD_REQUEST = 400;
    /** Texts that are only compared with labels, that are annotations, or that the API server judges with the pods. */
    private static final List<String> ELSEWHERE = List.of(
            "spec.allowedTenants.namespaces.selector",
            "spec.pod.affinity",
            "spec.pod.annotations",
            "spec.pod.resources",
            "spec.pod.tolerations");

    private final KubernetesClient client = ApiServerUnderTest.client();
    private final TestNamespace namespace = TestNamespace.create(client, "corpus");
    private final List<String> unanswered = new ArrayList<>();

    @BeforeAll
    void install() {
        CommittedCrds.install(client);
    }

    @AfterAll
    void remove() {
        namespace.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tenant", "PoolerCluster"})
    void theSchemaLetsNoTextInThatEndsALineOrAName(String kind) throws IOException {
        var example = (ObjectNode) Serialization.yamlMapper()
                .readTree(Files.readString(
                        Path.of("src", "test", "resources", "corpus", kind.toLowerCase(Locale.ROOT) + ".yaml")));
        var fields = StringField.of(schema(kind), example);
        assertThat(isAccepted(kind, example)).as("the example itself").isTrue();
        var accepted = 0;
        var refused = 0;
        for (var field : fields) {
            for (var text : HostileTexts.known()) {
                if (!isAccepted(kind, field.replaced(example, text))) {
                    refused++;
                } else {
                    accepted++;
                    assertThat(text).as("%s lets it in", field).satisfies(t -> assertHarmless(field, t));
                }
            }
        }
        var number = 0;
        for (var text : HostileTexts.random(SEED, RANDOM)) {
            var field = fields.get(number++ % fields.size());
            if (isAccepted(kind, field.replaced(example, text))) {
                accepted++;
                assertHarmless(field, text);
            } else {
                refused++;
            }
        }
        System.out.printf(
                "%s with its schema, seed %d: %d fields, %d texts: %d refused (%d by a broken connection: %s), %d let in,"
                        + " 0 of these harmful%n",
                kind,
                SEED,
                fields.size(),
                accepted + refused,
                refused,
                unanswered.size(),
                Set.copyOf(unanswered),
                accepted);
        // A server that is gone would refuse everything.
        assertThat(isAccepted(kind, example)).as("the example itself, at last").isTrue();
        assertThat(unanswered.size()).isLessThan((accepted + refused) / 100);
    }

    private static void assertHarmless(StringField field, String text) {
        if (ELSEWHERE.stream().noneMatch(field.toString()::startsWith)) {
            assertThat(text).as("%s lets it in", field).matches("[A-Za-z0-9_./:@-]{0,512}");
        }
    }

    private static JSONSchemaProps schema(String kind) {
        var crd = CommittedCrds.read().stream()
                .filter(one -> kind.equals(one.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        var schema = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
        return Objects.requireNonNull(schema.getProperties().get("spec"));
    }

    private boolean isAccepted(String kind, JsonNode spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("tenantpool.io/v1alpha1");
        object.setKind(kind);
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace.name())
                .withName("corpus")
                .build());
        object.setAdditionalProperty("spec", spec);
        try {
            client.resource(object).dryRun().fieldValidation(Validation.STRICT).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() <= 0) {
                unanswered.add(kind + ": " + e.getCause()); // whatever broke the connection let nothing in
                return false;
            }
            assertThat(List.of(UNPROCESSABLE, BAD_REQUEST))
                    .as("%s for %.200s", e.getCause(), spec)
                    .contains(e.getCode());
            return false;
        }
    }
}
