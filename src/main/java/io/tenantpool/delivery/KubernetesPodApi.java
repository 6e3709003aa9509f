package io.tenantpool.delivery;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.naming.Labels;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Changes pods through the API server; each call runs on {@code executor}, because the client blocks. */
public final class KubernetesPodApi implements PodApi {
    private final KubernetesClient client;
    private final Executor executor;

    public KubernetesPodApi(KubernetesClient client, Executor executor) {
        this.client = client;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Void> kick(PodView pod, String revision) {
        return patch(pod, "annotations", Labels.REVISION, revision);
    }

    @Override
    public CompletionStage<Void> perPod(PodView pod, String text) {
        return patch(pod, "annotations", Labels.PEER, text);
    }

    @Override
    public CompletionStage<Void> traffic(PodView pod, boolean on) {
        return patch(pod, "labels", Labels.TRAFFIC, on ? Labels.TRAFFIC_ON : Labels.TRAFFIC_OFF);
    }

    private CompletionStage<Void> patch(PodView pod, String field, String key, String value) {
        // The UID is a precondition: a pod of the same name that came after is another pod.
        var patch = "{\"metadata\":{\"uid\":\"%s\",\"%s\":{\"%s\":\"%s\"}}}".formatted(pod.uid(), field, key, value);
        return CompletableFuture.runAsync(
                () -> client.pods()
                        .inNamespace(pod.namespace())
                        .withName(pod.name())
                        .patch(PatchContext.of(PatchType.JSON_MERGE), patch),
                executor);
    }
}
