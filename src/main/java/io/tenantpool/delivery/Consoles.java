package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.model.ConsoleKey;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Secret;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to the consoles of pods. A pod that has not read its files yet takes what it took before: another key, another
 * certificate, or no TLS.
 */
final class Consoles {
    private final PgLogin login;
    private final ConsoleDialect dialect;
    private final long timeoutMillis;

    Consoles(PgLogin login, ConsoleDialect dialect, long timeoutMillis) {
        this.login = login;
        this.dialect = dialect;
        this.timeoutMillis = timeoutMillis;
    }

    /** What opens the consoles of a pooler's pods. */
    record Access(PoolerKeys keys, PoolerTls tls) {
        /** Whether the pod has TLS is found out: its files may be older or newer than the wish. */
        private PgLogin.Encryption encryption(@Nullable ConsoleKey key) {
            Set<String> fingerprints = tls.fingerprints();
            return new PgLogin.Encryption(
                    !fingerprints.isEmpty(), false, fingerprints, key == null ? null : key.identity());
        }
    }

    Future<Console> open(PodView pod, Wanted wanted) {
        return open(String.valueOf(pod.ip()), pod.port(), wanted.console());
    }

    Future<Console> open(String host, int port, Access access) {
        return open(host, port, access, access.keys().consoles().iterator())
                .map(connection -> new Console(login, connection, dialect, timeoutMillis));
    }

    private Future<PgConnection> open(String host, int port, Access access, Iterator<ConsoleKey> keys) {
        var key = keys.next();
        var target = new PgLogin.Target(
                host, port, dialect.database(), dialect.adminUser(), key.password(), access.encryption(key));
        var attempt = login.open(target, timeoutMillis);
        // One that does not answer at all would not answer to another key either.
        return keys.hasNext()
                ? attempt.recover(failure -> failure instanceof TimeoutException
                        ? Future.failedFuture(failure)
                        : open(host, port, access, keys))
                : attempt;
    }

    /**
     * Whether the user list was read to its end.
     *
     * @return the fingerprint of the certificate that the pod showed; empty in plain text
     */
    Future<String> loginAsSentinel(PodView pod, Secret password, Wanted wanted) {
        var access = wanted.console();
        var target = new PgLogin.Target(
                String.valueOf(pod.ip()),
                pod.port(),
                dialect.database(),
                dialect.sentinelUser(),
                password,
                access.encryption(null));
        return login.connect(target, timeoutMillis).map(opened -> {
            opened.connection().close();
            return opened.fingerprint() == null ? "" : opened.fingerprint();
        });
    }
}
