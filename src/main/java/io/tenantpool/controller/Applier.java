package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.PoolerId;
import io.tenantpool.observe.Meters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes an owned object by server-side apply when, and only when, it differs in a field that is ours. */
final class Applier {
    private final PoolerSources sources;
    private final Context<PoolerCluster> context;
    private final Meters meters;
    private final Conflicts conflicts;

    Applier(PoolerSources sources, Context<PoolerCluster> context, Meters meters, Conflicts conflicts) {
        this.sources = sources;
        this.context = context;
        this.meters = meters;
        this.conflicts = conflicts;
    }

    /** Writes nothing when an object of that name belongs to somebody else. */
    <R extends HasMetadata> void apply(PoolerId pooler, Class<R> type, R desired) {
        var source = sources.owned(type);
        var id = ResourceID.fromResource(desired);
        var actual = source.get(id).orElse(null);
        if (isForeign(pooler, desired, actual) || actual != null && matches(actual, desired)) {
            return;
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
    }

    /** The cache has only what carries our labels: what it lacks is looked for before it is made. */
    private <R extends HasMetadata> boolean isForeign(PoolerId pooler, R desired, @Nullable R known) {
        var actual = known == null ? context.getClient().resource(desired).get() : known;
        return actual != null && conflicts.isForeign(pooler, actual);
    }

    /** The object as far as it is known. */
    <R extends HasMetadata> Optional<R> known(Class<R> type, ResourceID id) {
        return sources.owned(type).get(id);
    }

    /** Deletes the object if it is there. */
    <R extends HasMetadata> void remove(PoolerId pooler, Class<R> type, ResourceID id) {
        known(type, id)
                .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
                .filter(object -> !conflicts.isForeign(pooler, object))
                .ifPresent(object -> {
                    context.getClient().resource(object).delete();
                    meters.objectWritten(object.getKind(), "delete");
                });
    }

    /** An immutable object, named by its content: what exists is right. */
    <R extends HasMetadata> void applyOnce(PoolerId pooler, Class<R> type, R desired) {
        var known = sources.owned(type).get(ResourceID.fromResource(desired));
        if (known.isEmpty() || conflicts.isForeign(pooler, known.get())) {
            apply(pooler, type, desired);
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
