package io.tenantpool.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.tenantpool.testing.ApiServerUnderTest;
import io.tenantpool.testing.CommittedCrds;
import io.tenantpool.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server accepts every valid example and refuses every invalid one with the words it promises. */
@ExtendWith(ApiServerUnderTest.class)
@TestInstance(Lifecycle.PER_CLASS)
class CustomResourceValidationApiServerIT {
    private final KubernetesClient client = ApiServerUnderTest.client();
    private final TestNamespace namespace = TestNamespace.create(client, "crd");
    private final WidenedCrds widened = WidenedCrds.install(client);

    @BeforeAll
    void install() {
        CommittedCrds.install(client);
    }

    @AfterAll
    void remove() {
        widened.close();
        namespace.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("validExamples")
    void acceptsEveryValidExample(Example example) {
        assertThat(example.expected()).as("a valid example expects no refusal").isEmpty();
        submit(example);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidExamples")
    void refusesEveryInvalidExampleWithItsReason(Example example) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, () -> submit(example));
        assertThat(refusal).as("%s was accepted", example).isNotNull();
        assertThat(example.expected()).as("the example says what to expect").isNotEmpty();
        assertThat(refusal.getMessage()).contains(example.expected());
    }

    static List<Example> validExamples() {
        return Example.all("valid");
    }

    static List<Example> invalidExamples() {
        return Example.all("invalid");
    }

    private void submit(Example example) {
        var objects = example.objects();
        objects.forEach(object -> prepare(object, example));
        if (objects.size() == 1) {
            client.resource(objects.get(0))
                    .dryRun()
                    .fieldValidation(Validation.STRICT)
                    .create();
            return;
        }
        var before = client.resource(objects.get(0))
                .fieldValidation(Validation.STRICT)
                .create();
        try {
            var after = objects.get(1);
            after.getMetadata().setResourceVersion(before.getMetadata().getResourceVersion());
            client.resource(after).fieldValidation(Validation.STRICT).update();
        } finally {
            client.resource(before).delete();
        }
    }

    private void prepare(GenericKubernetesResource object, Example example) {
        object.getMetadata().setNamespace(namespace.name());
        if (example.needsWidenedSchema()) {
            object.setApiVersion(widened.apiVersion());
        }
    }
}
