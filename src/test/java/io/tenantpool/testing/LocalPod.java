package io.tenantpool.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the kubelet does for one pod. All calls come from the node's one thread. */
final class LocalPod {
    private static final Pattern ANY_ADDRESS = Pattern.compile("(?m)^(\\s*listen_addr\\s*=\\s*)\\*\\s*$");

    private final ApiServerDouble api;
    private final LocalNode.Timing timing;
    private final String ip;
    private final Path root;
    private final PodVolumes volumes;
    private final PoolerContainer container;
    private final ReadinessProbe readiness;
    private final Instant createdAt = Instant.now();
    private final Map<String, String> conditionSince = new HashMap<>();
    private List<Map<String, String>> seen = List.of();
    private Instant nextProjection = Instant.MAX;
    private @Nullable Instant endingSince;
    private @Nullable PreStopHook hook;
    private boolean terminated;
    private @Nullable ObjectNode lastStatus;

    LocalPod(LocalNode node, String ip, Path root) {
        this.api = node.api();
        this.timing = node.timing();
        this.ip = ip;
        this.root = BuildDirectory.create(root);
        // A real pod has a network of its own, in which "*" is its address only.
        UnaryOperator<String> ownAddress = text -> ANY_ADDRESS.matcher(text).replaceAll("$1" + ip);
        this.volumes = new PodVolumes(api, root.resolve("root"), text -> ownAddress.apply(node.resolveHosts(text)));
        this.container = new PoolerContainer(node.program(), volumes, root.resolve("log"));
        this.readiness = new ReadinessProbe(ip);
    }

    PoolerContainer container() {
        return container;
    }

    PodVolumes volumes() {
        return volumes;
    }

    /** One look at the pod; whether it still exists. */
    boolean tick(Pod pod, Instant now) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return end(pod, now);
        }
        Container spec = pod.getSpec().getContainers().get(0);
        if (now.isBefore(createdAt.plus(timing.startDelay()))) {
            report(pod, false, false);
            return true;
        }
        reproject(pod, spec, now);
        boolean running = container.keepRunning(pod, spec, now);
        boolean ready = running && readiness.isReady(spec, container.startedAt().orElse(now), now);
        report(pod, running, ready);
        return true;
    }

    private void reproject(Pod pod, Container spec, Instant now) {
        List<Map<String, String>> current = List.of(
                Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of()),
                Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of()));
        if (nextProjection.equals(Instant.MAX)) {
            seen = current;
            nextProjection = now.plus(timing.syncPeriod());
        } else if (!current.equals(seen)) {
            // A changed pod makes the kubelet look at its volumes now instead of at the next sync.
            seen = current;
            Instant soon = now.plus(timing.kickDelay());
            nextProjection = soon.isBefore(nextProjection) ? soon : nextProjection;
        }
        if (!now.isBefore(nextProjection)) {
            volumes.project(pod, spec);
            nextProjection = now.plus(timing.syncPeriod());
        }
    }

    private boolean end(Pod pod, Instant now) {
        if (endingSince == null) {
            endingSince = now;
            report(pod, container.isRunning(), false);
            hook = container
                    .startPreStop(pod.getSpec().getContainers().get(0), timing.preStopSleep())
                    .orElse(null);
        }
        long grace = Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds())
                .orElse(0L);
        if (container.isRunning() && now.isBefore(endingSince.plusSeconds(grace))) {
            terminateAfterHook(now);
            return true;
        }
        close();
        resource(pod).withGracePeriod(0).delete();
        return false;
    }

    private void terminateAfterHook(Instant now) {
        if (!terminated && (hook == null || hook.isOver(now))) {
            container.signal("TERM");
            terminated = true;
        }
    }

    private void report(Pod pod, boolean running, boolean ready) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("phase", container.startedAt().isPresent() || container.restarts() > 0 ? "Running" : "Pending")
                .put("hostIP", "127.0.0.1")
                .put("startTime", seconds(createdAt));
        if (container.startedAt().isPresent() || container.restarts() > 0) {
            // A pod has no address before its network exists.
            status.put("podIP", ip).putArray("podIPs").addObject().put("ip", ip);
        }
        var conditions = status.putArray("conditions");
        for (String type : List.of("PodScheduled", "Initialized", "ContainersReady", "Ready")) {
            boolean yes = ready || "PodScheduled".equals(type) || "Initialized".equals(type);
            String value = yes ? "True" : "False";
            String since = conditionSince.compute(
                    type + value, (key, before) -> before == null ? seconds(Instant.now()) : before);
            conditionSince.remove(type + (yes ? "False" : "True"));
            conditions.addObject().put("type", type).put("status", value).put("lastTransitionTime", since);
        }
        Container spec = pod.getSpec().getContainers().get(0);
        ObjectNode one = status.putArray("containerStatuses")
                .addObject()
                .put("name", spec.getName())
                .put("image", spec.getImage())
                .put("imageID", "")
                .put("ready", ready)
                .put("started", running)
                .put("restartCount", container.restarts());
        ObjectNode state = one.putObject("state");
        container
                .startedAt()
                .filter(at -> running)
                .ifPresentOrElse(
                        at -> state.putObject("running").put("startedAt", seconds(at)),
                        () -> state.putObject("waiting").put("reason", "ContainerCreating"));
        write(pod, status);
    }

    private void write(Pod pod, ObjectNode status) {
        if (status.equals(lastStatus)) {
            return;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.set("status", status);
        try {
            resource(pod).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
            lastStatus = status;
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }

    private PodResource resource(Pod pod) {
        return api.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Ends the process at once, and a hook that would still send it signals. */
    void kill() {
        if (hook != null) {
            hook.close();
        }
        container.kill();
    }

    /** Ends the process at once and removes the files. */
    void close() {
        kill();
        try {
            ProjectedDirectory.delete(root);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + root, e);
        }
    }
}
