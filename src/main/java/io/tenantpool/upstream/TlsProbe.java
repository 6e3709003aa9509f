package io.tenantpool.upstream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Asks a server for TLS as a pooler does, and leaves: poolers tell nobody why they do not believe a server, some not even
 * their log.
 */
final class TlsProbe {
    /** The SSLRequest of PostgreSQL's protocol: its length, and a version that means it. */
    private static final Buffer REQUEST = Buffer.buffer().appendInt(8).appendInt(80_877_103);

    private static final byte YES = 'S';
    private static final byte NO = 'N';

    private final Vertx vertx;
    private final Duration timeout;

    /** @param timeout for everything together: TCP, the answer and the handshake */
    TlsProbe(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
    }

    /** Never fails. Why the server is not believed; empty when it is, or when it says nothing at all. */
    CompletionStage<Optional<String>> ask(ServerAddress server, Transport transport) {
        var subject = "PostgreSQL at " + server;
        var options = new NetClientOptions().setConnectTimeout((int) timeout.toMillis());
        transport.into(options);
        var client = vertx.createNetClient(options);
        Promise<Optional<String>> promise = Promise.promise();
        var timer = vertx.setTimer(timeout.toMillis(), id -> promise.tryComplete(Optional.empty()));
        client.connect(server.port(), server.host())
                .compose(socket -> answer(socket)
                        .compose(yes -> yes
                                ? socket.upgradeToSsl().map(done -> Optional.<String>empty())
                                : Future.succeededFuture(Optional.of(TlsWords.notEncrypted(subject))))
                        .onComplete(done -> socket.close()))
                .recover(failure -> Future.succeededFuture(TlsWords.of(subject, server.host(), failure)))
                .onComplete(done -> promise.tryComplete(done.result()));
        return promise.future()
                .onComplete(done -> {
                    vertx.cancelTimer(timer);
                    client.close();
                })
                .toCompletionStage();
    }

    /** Fails when the answer is neither yes nor no: then it is no PostgreSQL, or it is about to end. */
    private static Future<Boolean> answer(NetSocket socket) {
        Promise<Boolean> promise = Promise.promise();
        socket.exceptionHandler(promise::tryFail);
        socket.closeHandler(closed -> promise.tryFail("closed"));
        socket.handler(buffer -> {
            var first = buffer.getByte(0);
            if (buffer.length() == 1 && (first == YES || first == NO)) {
                promise.tryComplete(first == YES);
            } else {
                promise.tryFail("no answer of PostgreSQL");
            }
        });
        socket.write(REQUEST.copy()).onFailure(promise::tryFail);
        return promise.future();
    }
}
