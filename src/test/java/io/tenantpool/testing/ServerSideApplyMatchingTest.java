package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The operator rests when JOSDK's matcher finds what it applied; it reads the double's managedFields for that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerSideApplyMatchingTest {
    private static final String MANAGER = "tenantpool";

    @SuppressWarnings("NullAway.Init")
    private ApiServerDouble api;

    @BeforeAll
    void start() {
        api = ApiServerDouble.start();
        api.admit(object -> {
            if ("Service".equals(object.path("kind").asText())) {
                object.withObject("spec").put("clusterIP", "127.0.1.1");
            }
        });
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void what_was_applied_matches_what_was_wanted() {
        for (HasMetadata wanted : wanted()) {
            HasMetadata actual = apply(wanted);
            assertThat(matches(actual, wanted)).as(wanted.getKind()).isTrue();
        }
    }

    @Test
    void a_field_that_somebody_changed_does_not_match() {
        for (HasMetadata wanted : wanted()) {
            HasMetadata actual = apply(wanted);
            actual.getMetadata().setLabels(Map.of("app", "somebody-else"));
            assertThat(matches(api.client().resource(actual).update(), wanted))
                    .as(wanted.getKind())
                    .isFalse();
            assertThat(matches(apply(wanted), wanted)).as(wanted.getKind()).isTrue();
        }
    }

    private HasMetadata apply(HasMetadata wanted) {
        return api.client()
                .resource(wanted)
                .fieldManager(MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private List<HasMetadata> wanted() {
        InputStream manifest = ServerSideApplyMatchingTest.class.getResourceAsStream("hand-made-pooler.yaml");
        List<HasMetadata> items =
                api.client().load(Objects.requireNonNull(manifest)).items();
        items.forEach(item -> item.getMetadata().setLabels(Map.of("app", "pooler")));
        return items;
    }

    private boolean matches(HasMetadata actual, HasMetadata wanted) {
        return ServerSideApplyMatch.matches(api.client(), MANAGER, actual, wanted);
    }
}
