package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.delivery.PodView;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.resource.PoolerPodTemplate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells delivery of every pooler pod, at once. Not an event source: a kick changes each pod, and reconciling the
 * PoolerCluster for that would only repeat what is known.
 */
public final class PodWatch implements ResourceEventHandler<Pod>, AutoCloseable {
    private static final String BY_POOLER = "pooler";

    private final Delivery delivery;
    private final SharedIndexInformer<Pod> informer;
    private volatile boolean closing;

    public PodWatch(KubernetesClient client, Delivery delivery) {
        this.delivery = delivery;
        informer = client.pods()
                .inAnyNamespace()
                .withLabelSelector(Labels.SELECT_POOLER)
                .runnableInformer(0);
        informer.addIndexers(Map.of(BY_POOLER, pod -> References.pooler(pod).map(PoolerId::toString).stream()
                .toList()));
        informer.addEventHandler(this);
    }

    /** @param lost called when the watch ended for good: without it new pods would be invisible */
    public void start(Runnable lost) {
        informer.exceptionHandler((started, failure) -> true); // try again, whatever it was
        informer.run();
        delivery.podsListed();
        informer.stopped().whenComplete((done, failure) -> {
            if (!closing) {
                lost.run();
            }
        });
    }

    @Override
    public void onAdd(Pod pod) {
        report(pod);
    }

    @Override
    public void onUpdate(Pod older, Pod newer) {
        report(newer);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        report(pod);
    }

    private void report(Pod pod) {
        References.pooler(pod).ifPresent(pooler -> {
            var pods = informer.getIndexer().byIndex(BY_POOLER, pooler.toString());
            delivery.podsChanged(pooler, pods.stream().map(PodWatch::view).toList());
        });
    }

    static PodView view(Pod pod) {
        var meta = pod.getMetadata();
        var status = pod.getStatus();
        return new PodView(
                meta.getUid(),
                meta.getNamespace(),
                meta.getName(),
                status == null ? null : status.getPodIP(),
                port(pod),
                startedAt(pod),
                ready(pod),
                meta.getDeletionTimestamp() != null,
                !Labels.TRAFFIC_OFF.equals(meta.getLabels().get(Labels.TRAFFIC)),
                meta.getAnnotations() == null ? null : meta.getAnnotations().get(Labels.PEER));
    }

    private static @Nullable Instant startedAt(Pod pod) {
        return containers(pod)
                .flatMap(container -> Stream.ofNullable(container.getState()))
                .flatMap(state -> Stream.ofNullable(state.getRunning()))
                .flatMap(running -> Stream.ofNullable(running.getStartedAt()))
                .map(Instant::parse)
                .findFirst()
                .orElse(null);
    }

    private static int port(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container ->
                        Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of()).stream())
                .filter(port -> PoolerPodTemplate.PORT.equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(0);
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && Objects.requireNonNullElse(
                                pod.getStatus().getConditions(),
                                List.<io.fabric8.kubernetes.api.model.PodCondition>of())
                        .stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
                ? Stream.empty()
                : pod.getStatus().getContainerStatuses().stream();
    }

    @Override
    public void close() {
        closing = true;
        informer.stop();
    }
}
