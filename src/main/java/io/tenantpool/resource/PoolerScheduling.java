package io.tenantpool.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.tenantpool.api.v1alpha1.PodSettings;
import io.tenantpool.api.v1alpha1.PodSettings.TopologySpread;
import io.tenantpool.api.v1alpha1.PodSettings.Unsatisfiable;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** On which nodes the pooler pods run. */
final class PoolerScheduling {
    private static final List<TopologySpread> OVER_NODES =
            List.of(new TopologySpread("kubernetes.io/hostname", 1, Unsatisfiable.ScheduleAnyway));

    private static final JsonMapper JSON = new JsonMapper();

    private PoolerScheduling() {}

    /** @throws IllegalArgumentException when it is none */
    static @Nullable Affinity affinity(@Nullable PodSettings pod) {
        if (pod == null || pod.affinity() == null) {
            return null;
        }
        try {
            return JSON.treeToValue(pod.affinity(), Affinity.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "spec.pod.affinity is not like the affinity of a pod: " + e.getOriginalMessage(), e);
        }
    }

    static List<Toleration> tolerations(@Nullable PodSettings pod) {
        return pod == null || pod.tolerations() == null ? List.of() : pod.tolerations();
    }

    /** The selector is ours, so that it always means the pods of this pooler. */
    static List<TopologySpreadConstraint> spread(PoolerId id, @Nullable PodSettings pod) {
        var wanted =
                pod == null || pod.topologySpreadConstraints() == null ? OVER_NODES : pod.topologySpreadConstraints();
        return wanted.stream().map(spread -> constraint(id, spread)).toList();
    }

    private static TopologySpreadConstraint constraint(PoolerId id, TopologySpread spread) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(Objects.requireNonNullElse(spread.maxSkew(), 1))
                .withTopologyKey(spread.topologyKey())
                .withWhenUnsatisfiable(
                        Objects.requireNonNullElse(spread.whenUnsatisfiable(), Unsatisfiable.ScheduleAnyway)
                                .name())
                .withNewLabelSelector()
                .withMatchLabels(Labels.selector(id))
                .endLabelSelector()
                .build();
    }
}
