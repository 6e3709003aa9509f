package io.tenantpool.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What kube-proxy does for one port of a Service: each new connection goes to one of its endpoints. */
public final class TcpForwarder implements AutoCloseable {
    private final NetServer server;
    private final NetClient client;
    private final Supplier<Optional<SocketAddress>> target;

    /** Listens on {@code host} and {@code port}; each connection goes to the target of that moment. */
    public TcpForwarder(Vertx vertx, String host, int port, Supplier<Optional<SocketAddress>> target) {
        this.target = target;
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::connected);
        try {
            server.listen(port, host).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot listen on " + host + ":" + port, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void connected(NetSocket downstream) {
        Optional<SocketAddress> address = target.get();
        if (address.isEmpty()) {
            downstream.close();
            return;
        }
        downstream.pause();
        client.connect(address.get()).onFailure(refused -> downstream.close()).onSuccess(upstream -> {
            upstream.closeHandler(end -> downstream.close());
            downstream.closeHandler(end -> upstream.close());
            upstream.exceptionHandler(error -> downstream.close());
            downstream.exceptionHandler(error -> upstream.close());
            upstream.pipeTo(downstream);
            downstream.pipeTo(upstream);
            downstream.resume();
        });
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
