package io.tenantpool.delivery;

import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Opens a connection to a pooler, with a limit on everything that can take long. */
final class PgLogin {
    private final Vertx vertx;

    PgLogin(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Where to log in and as whom. */
    record Target(String host, int port, String database, String user, Secret password, Encryption encryption) {
        /** In plain text. */
        Target(String host, int port, String database, String user, Secret password) {
            this(host, port, database, user, password, Encryption.NONE);
        }
    }

    /**
     * How to log in.
     *
     * @param offered whether the pooler offers TLS once it has read its files
     * @param required false to do without if the pooler does not offer it
     * @param fingerprints of the certificates by which the pooler is known; it is no stranger's name that counts but its
     *     own key
     * @param identity what to show when the pooler asks, or null
     */
    record Encryption(
            boolean offered,
            boolean required,
            Set<String> fingerprints,
            @Nullable CertificatePair identity) {
        static final Encryption NONE = new Encryption(false, false, Set.of(), null);
    }

    /**
     * An open connection.
     *
     * @param fingerprint of the certificate that the pooler showed; null in plain text
     */
    record Opened(PgConnection connection, @Nullable String fingerprint) {}

    /**
     * Logs in.
     *
     * @param millis for TCP and the login together; TCP alone gets half of it, so that a failure tells which of the two
     *     it was
     * @return fails with {@link TimeoutException} when the login takes longer, or with the server's own error
     */
    Future<PgConnection> open(Target target, long millis) {
        return connect(target, millis).map(Opened::connection);
    }

    /** As {@link #open}; tells which certificate was shown, too. */
    Future<Opened> connect(Target target, long millis) {
        var how = target.encryption();
        if (!how.offered()) {
            return connect(target, null, millis);
        }
        var trust = new PinnedCertificate(how.fingerprints());
        var attempt = connect(target, trust, millis);
        return how.required()
                ? attempt
                : attempt.recover(failure -> trust.wasAsked() || failure instanceof PgException
                        ? Future.failedFuture(failure)
                        : connect(target, null, millis));
    }

    private Future<Opened> connect(Target target, @Nullable PinnedCertificate trust, long millis) {
        var options = options(target, trust, millis);
        Promise<Opened> promise = Promise.promise();
        var timer = vertx.setTimer(millis, id -> promise.tryFail(new TimeoutException("no answer to the login")));
        PgConnection.connect(vertx, options).onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.failed()) {
                promise.tryFail(result.cause());
            } else if (!promise.tryComplete(new Opened(result.result(), trust == null ? null : trust.shown()))) {
                result.result().close(); // it came too late: nobody waits for it
            }
        });
        return promise.future();
    }

    private static PgConnectOptions options(Target target, @Nullable PinnedCertificate trust, long millis) {
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
        if (trust != null) {
            options.setSslMode(SslMode.VERIFY_CA);
            options.setTrustOptions(TrustOptions.wrap(trust));
            var identity = target.encryption().identity();
            if (identity != null) {
                options.setPemKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(identity.chain()))
                        .setKeyValue(Buffer.buffer(identity.key().value())));
            }
        }
        return options;
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
