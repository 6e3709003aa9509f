package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;

/** A session on a pooler's admin console. Kept no longer than needed: an open one can delay a pooler's shutdown. */
final class Console {
    private final PgLogin login;
    private final PgConnection connection;
    private final ConsoleDialect dialect;
    private final long timeoutMillis;

    Console(PgLogin login, PgConnection connection, ConsoleDialect dialect, long timeoutMillis) {
        this.login = login;
        this.connection = connection;
        this.dialect = dialect;
        this.timeoutMillis = timeoutMillis;
    }

    /** Answers when the files are applied, or partly applied: the answer itself proves nothing. */
    Future<Void> reload() {
        return login.within(timeoutMillis, connection.query(dialect.reload()).execute())
                .mapEmpty();
    }

    /** The revision that the pooler serves; empty when it shows none. */
    Future<String> marker() {
        return login.within(
                        timeoutMillis, connection.query(dialect.markerQuery()).execute())
                .map(rows -> {
                    for (var row : rows) {
                        if (dialect.markerKey().equals(row.getString(0))) {
                            var value = row.getString(1);
                            return value == null ? "" : value;
                        }
                    }
                    return "";
                });
    }

    /**
     * Whether clients wait for this pool because others use its server connections. One that only has no answer has a
     * connection of its own, and hangs with its server.
     */
    Future<Boolean> isBusy(String poolName) {
        return login.within(
                        timeoutMillis, connection.query(dialect.poolsQuery()).execute())
                .map(rows -> {
                    for (var row : rows) {
                        if (poolName.equals(row.getString(dialect.poolsName()))
                                && row.getLong(dialect.poolsInUse()) > 0
                                && row.getLong(dialect.poolsWaiting()) > 0) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    void close() {
        connection.close();
    }
}
