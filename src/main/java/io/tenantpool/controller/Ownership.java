package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.tenantpool.naming.Labels;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whose an object is. What is not ours is neither changed nor deleted, whatever its name and its labels. */
final class Ownership {
    private Ownership() {}

    static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
        return owners(object).stream()
                .anyMatch(reference -> owner.getMetadata().getUid().equals(reference.getUid()));
    }

    /**
     * Whether an object belongs to {@code owner}: it is controlled by it, or by nobody and carries the labels that we give
     * to objects of its name, as after a backup was restored, which leaves owners out. One that a PoolerCluster of the
     * same name left behind goes by itself, and is not ours until then.
     */
    static boolean isOurs(HasMetadata object, HasMetadata owner) {
        return isControlledBy(object, owner)
                || owners(object).stream().noneMatch(reference -> Boolean.TRUE.equals(reference.getController()))
                        && Labels.MANAGED_BY_VALUE.equals(labels(object).get(Labels.MANAGED_BY))
                        && owner.getMetadata().getName().equals(labels(object).get(Labels.POOLER_CLUSTER));
    }

    private static List<OwnerReference> owners(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.of());
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }
}
