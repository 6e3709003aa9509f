package io.tenantpool.delivery;

import io.tenantpool.model.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens a connection to a pooler, with a limit on everything that can take long. */
final class PgLogin {
    private final Vertx vertx;

    PgLogin(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Where to log in and as whom. */
    record Target(String host, int port, String database, String user, Secret password) {}

    /**
     * Logs in.
     *
     * @param millis for TCP and the login together; TCP alone gets half of it, so that a failure tells which of the two
     *     it was
     * @return fails with {@link TimeoutException} when the login takes longer, or with the server's own error
     */
    Future<PgConnection> open(Target target, long millis) {
        var options = new PgConnectOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setDatabase(target.database())
                .setUser(target.user())
                .setPassword(target.password().value())
                .setSslMode(SslMode.DISABLE)
                .setCachePreparedStatements(false)
                .setPipeliningLimit(1);
        // The default properties hold extra_float_digits, which a pooler may refuse. The client speaks UTF-8 only.
        options.setProperties(new HashMap<>(Map.of("application_name", "tenantpool", "client_encoding", "UTF8")));
        options.setConnectTimeout((int) (millis / 2));
        options.setReconnectAttempts(0);
        // A server that hangs would never answer the goodbye, and the socket would stay for ever.
        options.setIdleTimeout((int) (2 * millis));
        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        Promise<PgConnection> promise = Promise.promise();
        var timer = vertx.setTimer(millis, id -> promise.tryFail(new TimeoutException("no answer to the login")));
        PgConnection.connect(vertx, options).onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.failed()) {
                promise.tryFail(result.cause());
            } else if (!promise.tryComplete(result.result())) {
                result.result().close(); // it came too late: nobody waits for it
            }
        });
        return promise.future();
    }

    /** Fails {@code future} with {@link TimeoutException} after {@code millis}. */
    <T> Future<T> within(long millis, Future<T> future) {
        Promise<T> promise = Promise.promise();
        var timer = vertx.setTimer(millis, id -> promise.tryFail(new TimeoutException("no answer to the query")));
        future.onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(result.cause());
            }
        });
        return promise.future();
    }
}
