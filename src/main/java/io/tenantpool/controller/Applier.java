package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.observe.Meters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes an owned object by server-side apply when, and only when, it differs in a field that is ours. */
final class Applier {
    private final PoolerSources sources;
    private final Context<PoolerCluster> context;
    private final Meters meters;

    Applier(PoolerSources sources, Context<PoolerCluster> context, Meters meters) {
        this.sources = sources;
        this.context = context;
        this.meters = meters;
    }

    /** @return the object as it is on the server now */
    <R extends HasMetadata> R apply(Class<R> type, R desired) {
        var source = sources.owned(type);
        var id = ResourceID.fromResource(desired);
        var actual = source.get(id).orElse(null);
        if (actual != null && matches(actual, desired)) {
            return actual;
        }
        var written = context.getClient()
                .resource(desired)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(context.getControllerConfiguration().fieldManager())
                        .withForce(true)
                        .build());
        meters.objectWritten(desired.getKind(), "apply");
        remember(type, id, written, actual);
        return written;
    }

    /** The object as far as it is known. */
    <R extends HasMetadata> Optional<R> known(Class<R> type, ResourceID id) {
        return sources.owned(type).get(id);
    }

    /** Deletes the object if it is there. */
    <R extends HasMetadata> void remove(Class<R> type, ResourceID id) {
        known(type, id)
                .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
                .ifPresent(object -> {
                    context.getClient().resource(object).delete();
                    meters.objectWritten(object.getKind(), "delete");
                });
    }

    /** An immutable object, named by its content: what exists is right. */
    <R extends HasMetadata> void applyOnce(Class<R> type, R desired) {
        if (sources.owned(type).get(ResourceID.fromResource(desired)).isEmpty()) {
            apply(type, desired);
        }
    }

    private <R extends HasMetadata> void remember(Class<R> type, ResourceID id, R written, @Nullable R before) {
        if (before == null) {
            sources.owned(type).handleRecentResourceCreate(id, written);
        } else {
            sources.owned(type).handleRecentResourceUpdate(id, written, before);
        }
    }

    private <R extends HasMetadata> boolean matches(R actual, R desired) {
        return SSABasedGenericKubernetesResourceMatcher.<R>getInstance().matches(actual, desired, context);
    }
}
