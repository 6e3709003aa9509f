package io.tenantpool.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Addresses for Services, and a forwarder for each of their ports. */
final class ServiceRouting implements AutoCloseable {
    private final Vertx vertx;
    private final LoopbackNetwork network;
    private final Map<String, TcpForwarder> forwarders = new HashMap<>();
    private final Map<String, List<SocketAddress>> endpoints = new ConcurrentHashMap<>();

    ServiceRouting(Vertx vertx, LoopbackNetwork network) {
        this.vertx = vertx;
        this.network = network;
    }

    /** Gives a new Service its address, as the API server does. */
    void assignAddress(ObjectNode object) {
        if (!"Service".equals(object.path("kind").asText())) {
            return;
        }
        ObjectNode spec = object.withObject("spec");
        boolean external = "ExternalName".equals(spec.path("type").asText());
        if (!external && spec.path("clusterIP").asText("").isEmpty()) {
            String address = network.nextService();
            spec.put("clusterIP", address);
            spec.putArray("clusterIPs").add(address);
        }
    }

    /** Makes every Service lead to the pods that it selects now. */
    void tick(List<Service> services, List<Pod> pods) {
        Set<String> wanted = new HashSet<>();
        for (Service service : services) {
            String address = service.getSpec().getClusterIP();
            if (address == null || "None".equals(address) || address.isEmpty()) {
                continue;
            }
            for (ServicePort port : service.getSpec().getPorts()) {
                String key = address + ":" + port.getPort();
                wanted.add(key);
                endpoints.put(key, endpointsOf(service, port, pods));
                forwarders.computeIfAbsent(
                        key, k -> new TcpForwarder(vertx, address, port.getPort(), () -> anyOf(key)));
            }
        }
        forwarders.entrySet().removeIf(entry -> {
            if (wanted.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().close();
            endpoints.remove(entry.getKey());
            return true;
        });
    }

    private Optional<SocketAddress> anyOf(String key) {
        List<SocketAddress> targets = endpoints.getOrDefault(key, List.of());
        return targets.isEmpty()
                ? Optional.empty()
                : Optional.of(targets.get(ThreadLocalRandom.current().nextInt(targets.size())));
    }

    private static List<SocketAddress> endpointsOf(Service service, ServicePort port, List<Pod> pods) {
        Map<String, String> selector = service.getSpec().getSelector();
        if (selector == null || selector.isEmpty()) {
            return List.of();
        }
        IntOrString target = Optional.ofNullable(port.getTargetPort()).orElse(new IntOrString(port.getPort()));
        return pods.stream()
                .filter(pod -> pod.getMetadata()
                        .getNamespace()
                        .equals(service.getMetadata().getNamespace()))
                .filter(pod -> pod.getMetadata().getLabels() != null
                        && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .filter(LocalNode::isReady)
                .map(pod -> SocketAddress.inetSocketAddress(
                        ReadinessProbe.port(pod.getSpec().getContainers().get(0), target),
                        pod.getStatus().getPodIP()))
                .toList();
    }

    @Override
    public void close() {
        forwarders.values().forEach(TcpForwarder::close);
        forwarders.clear();
    }
}
