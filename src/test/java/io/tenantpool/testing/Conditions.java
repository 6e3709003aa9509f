package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads conditions as a client without our types does: from the document. */
public final class Conditions {
    private Conditions() {}

    /** One condition; the API's own defaults make absent texts empty. */
    public record Reported(
            String type, String status, String reason, String message, long observedGeneration, String since) {}

    /** The condition of this type, if the resource has it. */
    public static Optional<Reported> of(GenericKubernetesResource resource, String type) {
        @Nullable List<Map<String, Object>> conditions = resource.get("status", "conditions");
        if (conditions == null) {
            return Optional.empty();
        }
        return conditions.stream()
                .filter(condition -> type.equals(condition.get("type")))
                .findFirst()
                .map(condition -> new Reported(
                        type,
                        text(condition, "status"),
                        text(condition, "reason"),
                        text(condition, "message"),
                        condition.get("observedGeneration") instanceof Number number ? number.longValue() : 0,
                        text(condition, "lastTransitionTime")));
    }

    private static String text(Map<String, Object> condition, String key) {
        return Objects.toString(condition.get(key), "");
    }
}
