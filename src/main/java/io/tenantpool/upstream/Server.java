package io.tenantpool.upstream;

import io.tenantpool.model.Secret;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where to ask and as whom.
 *
 * @param host the server that takes writes: PostgreSQL does not let a replica have a lower {@code max_connections}
 * @param tls whether the server is to encrypt, and how it shows who it is
 */
public record Server(String host, int port, String user, Secret password, Transport tls) {
    String address() {
        return host + ":" + port;
    }

    boolean isAt(Server other) {
        return address().equals(other.address());
    }

    /** @param timeout after which the caller gives up by itself */
    PgConnectOptions options(String database, Duration timeout) {
        var options = new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setDatabase(database)
                .setUser(user)
                .setPassword(password.value())
                .setCachePreparedStatements(false);
        // The client speaks UTF-8 only, and a database may have another encoding.
        options.setProperties(new HashMap<>(Map.of("application_name", "tenantpool", "client_encoding", "UTF8")));
        tls.into(options);
        options.setReconnectAttempts(0);
        // The caller's own timer comes first, so that silence has one name. These end the socket of a server that
        // hangs: it would never answer the goodbye.
        options.setConnectTimeout((int) (2 * timeout.toMillis()));
        options.setIdleTimeout((int) (2 * timeout.toMillis()));
        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }
}
