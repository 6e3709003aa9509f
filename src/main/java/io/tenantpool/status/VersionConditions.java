package io.tenantpool.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a PoolerCluster's status says of the versions of the pooler program. */
final class VersionConditions {
    private VersionConditions() {}

    /**
     * @param before the conditions so far: while no pod has told its version, as after a restart, they hold
     * @param holes by the version of the program that pods run: CVE ids of holes that are known of it
     * @param sound the oldest version without any
     */
    static void set(
            Conditions conditions,
            @Nullable List<Condition> before,
            SortedMap<String, List<String>> holes,
            String sound) {
        if (holes.isEmpty()) {
            Conditions.find(before, ConditionType.Vulnerable.name())
                    .filter(known -> Reason.KnownHoles.name().equals(known.getReason()))
                    .ifPresent(known -> conditions.set(
                            ConditionType.Vulnerable.name(), known.getStatus(), Reason.KnownHoles, known.getMessage()));
            return;
        }
        var known = holes.entrySet().stream()
                .filter(version -> !version.getValue().isEmpty())
                .map(VersionConditions::words)
                .collect(Collectors.joining("; "));
        if (!known.isEmpty()) {
            conditions.set(
                    ConditionType.Vulnerable.name(),
                    "True",
                    Reason.KnownHoles,
                    "Pods run versions with known holes, as far as a version tells: %s. Set spec.image to one with %s or newer"
                            .formatted(known, sound));
        }
    }

    private static String words(Map.Entry<String, List<String>> version) {
        return version.getKey() + " (" + String.join(", ", version.getValue()) + ")";
    }
}
