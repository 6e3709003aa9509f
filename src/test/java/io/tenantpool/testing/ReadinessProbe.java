package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@code tcpSocket} readiness probe, really made; a container without one is ready when it runs. */
final class ReadinessProbe {
    private static final int TIMEOUT_MILLIS = 500;

    private final String host;
    private @Nullable Instant containerStart;
    private Instant next = Instant.EPOCH;
    private boolean ready;
    private int failures;

    ReadinessProbe(String host) {
        this.host = host;
    }

    boolean isReady(Container container, Instant startedAt, Instant now) {
        Probe probe = container.getReadinessProbe();
        if (probe == null || probe.getTcpSocket() == null) {
            return true;
        }
        if (!startedAt.equals(containerStart)) {
            containerStart = startedAt;
            ready = false;
            failures = 0;
            next = now.plusSeconds(orElse(probe.getInitialDelaySeconds(), 0));
        }
        if (now.isBefore(next)) {
            return ready;
        }
        next = now.plus(Duration.ofSeconds(orElse(probe.getPeriodSeconds(), 10)));
        if (accepts(port(container, probe.getTcpSocket().getPort()))) {
            ready = true;
            failures = 0;
        } else if (++failures >= orElse(probe.getFailureThreshold(), 3)) {
            ready = false;
        }
        return ready;
    }

    private boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static int port(Container container, IntOrString port) {
        if (port.getStrVal() == null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(candidate -> port.getStrVal().equals(candidate.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no port named " + port.getStrVal()));
    }

    private static int orElse(@Nullable Integer value, int otherwise) {
        return Optional.ofNullable(value).orElse(otherwise);
    }
}
