package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Sees, as any client that watches would, when a Tenant becomes Ready. */
public final class ReadyWatch implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {
    private final ConcurrentMap<String, CompletableFuture<Long>> seen = new ConcurrentHashMap<>();
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    // The informer tells of nothing before the map above exists, and the map is all that a handler touches.
    @SuppressWarnings("this-escape")
    ReadyWatch(KubernetesClient client, String namespace) {
        this.informer = client.genericKubernetesResources(TenantNamespace.API_VERSION, "Tenant")
                .inNamespace(namespace)
                .inform(this);
    }

    /** Completes with {@link System#nanoTime()} of the moment at which this generation was seen to be Ready. */
    public CompletableFuture<Long> ready(String name, long generation) {
        return seen.computeIfAbsent(name + "/" + generation, key -> new CompletableFuture<>());
    }

    @Override
    public void onAdd(GenericKubernetesResource tenant) {
        Conditions.of(tenant, "Ready")
                .filter(condition -> "True".equals(condition.status()))
                .ifPresent(condition -> ready(tenant.getMetadata().getName(), condition.observedGeneration())
                        .complete(System.nanoTime()));
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource tenant) {
        onAdd(tenant);
    }

    @Override
    public void onDelete(GenericKubernetesResource tenant, boolean finalStateUnknown) {
        // What was seen stays seen.
    }

    @Override
    public void close() {
        informer.close();
    }
}
