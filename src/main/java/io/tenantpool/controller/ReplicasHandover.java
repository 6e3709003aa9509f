package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose the number of pods is. A field that its only owner leaves out is reset by the server, 4 pods to 1, and a number
 * that is applied again undoes what an autoscaler chose meanwhile. So somebody else holds the number before we leave it
 * out, once, and then we never name it until it is fixed again.
 */
final class ReplicasHandover {
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final Meters meters;

    ReplicasHandover(KubernetesClient client, Meters meters) {
        this.client = client;
        this.meters = meters;
    }

    /**
     * @param known the Deployment as far as it is known, or null when there is none: then it begins with the number that
     *     is desired
     * @return the part of {@code desired} that is ours to apply; empty when somebody wrote the Deployment at the same
     *     moment, so that it has to be looked at again
     */
    Optional<Deployment> ours(Deployment desired, @Nullable Deployment known, boolean autoscaled) {
        if (known == null || !autoscaled) {
            return Optional.of(desired);
        }
        return isOursAlone(known) && !handOver(desired) ? Optional.empty() : Optional.of(withoutReplicas(desired));
    }

    private static Deployment withoutReplicas(Deployment desired) {
        return new DeploymentBuilder(desired)
                .editSpec()
                .withReplicas(null)
                .endSpec()
                .build();
    }

    /** Whether the number of pods would be lost if we left it out. */
    static boolean isOursAlone(Deployment deployment) {
        var owners =
                Objects.requireNonNullElse(deployment.getMetadata().getManagedFields(), List.<ManagedFieldsEntry>of())
                        .stream()
                        .filter(ReplicasHandover::ownsReplicas)
                        .toList();
        return !owners.isEmpty() && owners.stream().allMatch(ReplicasHandover::isOurApply);
    }

    /** What was written by an update stays when the writer leaves it out, whoever that was. */
    private static boolean isOurApply(ManagedFieldsEntry owner) {
        return Names.FIELD_MANAGER.equals(owner.getManager()) && "Apply".equals(owner.getOperation());
    }

    private static boolean ownsReplicas(ManagedFieldsEntry entry) {
        return Optional.ofNullable(entry.getFieldsV1())
                .map(FieldsV1::getAdditionalProperties)
                .map(fields -> fields.get("f:spec"))
                .filter(spec -> spec instanceof Map<?, ?> fields && fields.containsKey("f:replicas"))
                .isPresent();
    }

    private boolean handOver(Deployment desired) {
        var live = client.resource(desired).get();
        return live != null && (!isOursAlone(live) || handOverAsRead(live));
    }

    /** With the version that was read: a number that changed since then is not brought back. */
    boolean handOverAsRead(Deployment live) {
        try {
            client.resource(onlyReplicas(live))
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(Names.HANDOVER_FIELD_MANAGER)
                            .withForce(true)
                            .build());
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
        meters.objectWritten(live.getKind(), "apply");
        return true;
    }

    private static Deployment onlyReplicas(Deployment live) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(live.getMetadata().getNamespace())
                .withName(live.getMetadata().getName())
                .withUid(live.getMetadata().getUid()) // or one that is gone would be made again, of a number alone
                .withResourceVersion(live.getMetadata().getResourceVersion())
                .endMetadata()
                .withNewSpec()
                .withReplicas(live.getSpec().getReplicas())
                .endSpec()
                .build();
    }
}
