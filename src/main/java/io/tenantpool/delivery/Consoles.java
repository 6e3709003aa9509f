package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.model.Secret;
import io.vertx.core.Future;

/** Logs in to the consoles of pods. */
final class Consoles {
    private final PgLogin login;
    private final ConsoleDialect dialect;
    private final long timeoutMillis;

    Consoles(PgLogin login, ConsoleDialect dialect, long timeoutMillis) {
        this.login = login;
        this.dialect = dialect;
        this.timeoutMillis = timeoutMillis;
    }

    Future<Console> open(PodView pod, Wanted wanted) {
        return login.open(target(pod, dialect.adminUser(), wanted.consolePassword()), timeoutMillis)
                .map(connection -> new Console(login, connection, dialect, timeoutMillis));
    }

    /** Whether the user list was read to its end. */
    Future<Void> loginAsSentinel(PodView pod, Secret password) {
        return login.open(target(pod, dialect.sentinelUser(), password), timeoutMillis)
                .onSuccess(connection -> connection.close())
                .mapEmpty();
    }

    private PgLogin.Target target(PodView pod, String user, Secret password) {
        return new PgLogin.Target(String.valueOf(pod.ip()), pod.port(), dialect.database(), user, password);
    }
}
