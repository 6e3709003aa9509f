package io.tenantpool.delivery;

import java.util.concurrent.CompletionStage;

/** What may be changed of a pod: its metadata. */
public interface PodApi {
    /** Annotates the pod, so that its kubelet projects the volumes again at once. */
    CompletionStage<Void> kick(PodView pod, String revision);

    /** Writes the file of the pod that differs from pod to pod. */
    CompletionStage<Void> perPod(PodView pod, String text);

    /** Lets the Service send clients to the pod, or not. */
    CompletionStage<Void> traffic(PodView pod, boolean on);
}
