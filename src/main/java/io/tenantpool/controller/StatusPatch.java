package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import java.util.function.Consumer;

/**
 * Writes a status by server-side apply with the plain client. The framework's own status update can lose a change of the
 * spec that lands meanwhile (docs/adr/0002-stack.md).
 */
public final class StatusPatch {
    private final Meters meters;

    public StatusPatch(Meters meters) {
        this.meters = meters;
    }

    <T extends CustomResource<?, ?>> void apply(
            KubernetesClient client, Class<T> type, T original, Consumer<T> status) {
        T fresh;
        try {
            fresh = type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every kind has a constructor without parameters", e);
        }
        fresh.setMetadata(new ObjectMetaBuilder()
                .withNamespace(original.getMetadata().getNamespace())
                .withName(original.getMetadata().getName())
                // A precondition: an object of the same name that came after is another object.
                .withUid(original.getMetadata().getUid())
                .build());
        status.accept(fresh);
        client.resource(fresh)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(Names.STATUS_FIELD_MANAGER)
                        .withForce(true)
                        .build());
        meters.statusWritten();
    }
}
