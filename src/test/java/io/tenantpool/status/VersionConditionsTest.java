package io.tenantpool.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.tenantpool.testing.Given;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VersionConditionsTest {
    private static final Map<String, List<String>> OLD = Map.of("PgBouncer 1.24.1", List.of("CVE-1", "CVE-2"));
    private static final Map<String, List<String>> NEW = Map.of("PgBouncer 1.26.1", List.of());

    @Test
    void a_version_with_known_holes_is_named_with_them_and_with_the_remedy() {
        var versions = new TreeMap<>(OLD);
        versions.putAll(NEW);

        assertThat(after(List.of(), versions)).singleElement().satisfies(condition -> {
            assertThat(condition.getType()).isEqualTo("Vulnerable");
            assertThat(condition.getStatus()).isEqualTo("True");
            assertThat(condition.getReason()).isEqualTo("KnownHoles");
            assertThat(condition.getMessage())
                    .contains("PgBouncer 1.24.1 (CVE-1, CVE-2)", "spec.image", "1.26.1 or newer")
                    .doesNotContain("PgBouncer 1.26.1 (");
        });
    }

    @Test
    void a_sound_version_is_not_spoken_of() {
        assertThat(after(List.of(), new TreeMap<>(NEW))).isEmpty();
        assertThat(after(after(List.of(), new TreeMap<>(OLD)), new TreeMap<>(NEW)))
                .isEmpty();
    }

    @Test
    void what_was_said_holds_while_no_pod_has_told_its_version() {
        var before = after(List.of(), new TreeMap<>(OLD));

        assertThat(after(before, new TreeMap<>())).isEqualTo(before);
    }

    private static List<Condition> after(List<Condition> before, SortedMap<String, List<String>> versions) {
        var conditions = new Conditions(before, 1, Given.CLOCK);
        VersionConditions.set(conditions, before, versions, "1.26.1");
        return conditions.list();
    }
}
