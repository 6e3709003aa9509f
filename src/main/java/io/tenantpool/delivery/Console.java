package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.model.PoolUsage;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A session on a pooler's admin console. Kept no longer than needed: an open one can delay a pooler's shutdown. */
final class Console implements PoolReadings.Session {
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

    /**
     * What a pooler says of its files.
     *
     * @param marker the revision that it serves; empty when it shows none
     * @param peerId 0 when it has none
     */
    record Shown(String marker, int peerId) {}

    Future<Shown> shown() {
        return login.within(
                        timeoutMillis, connection.query(dialect.markerQuery()).execute())
                .map(rows -> {
                    var marker = "";
                    var peerId = 0;
                    for (var row : rows) {
                        var key = row.getString(0);
                        var value = Objects.requireNonNullElse(row.getString(1), "");
                        if (dialect.markerKey().equals(key)) {
                            marker = value;
                        } else if (dialect.peerKey().equals(key) && !value.isEmpty()) {
                            peerId = Integer.parseInt(value);
                        }
                    }
                    return new Shown(marker, peerId);
                });
    }

    /** The program and its version. */
    Future<String> version() {
        return login.within(
                        timeoutMillis, connection.query(dialect.versionQuery()).execute())
                .map(rows -> rows.size() == 0
                        ? ""
                        : Objects.requireNonNullElse(rows.iterator().next().getString(0), ""));
    }

    /** Has the server connections of a pool replaced as soon as no client uses them: a smaller pool shrinks at once. */
    Future<Void> reconnect(String poolName) {
        return login.within(
                        timeoutMillis,
                        connection
                                .query(dialect.reconnect().formatted(poolName))
                                .execute())
                .mapEmpty();
    }

    /**
     * Whether clients wait for this pool because others use its server connections. One that only has no answer has a
     * connection of its own, and hangs with its server. Users are looked at one by one: each has a connection of its
     * own, so that one user's work says nothing about another's login.
     */
    Future<Boolean> isBusy(String poolName) {
        return rows().map(rows -> rows.stream()
                .filter(row -> row.poolName().equals(poolName))
                .anyMatch(row -> row.usage().active() > 0 && row.usage().waiting() > 0));
    }

    @Override
    public Future<Map<String, PoolUsage>> pools() {
        return rows().map(rows -> rows.stream()
                .filter(row -> !row.poolName().equals(dialect.database()))
                .collect(Collectors.toMap(PoolRow::poolName, PoolRow::usage, PoolUsage::plus)));
    }

    /** One user of one pool. */
    private record PoolRow(String poolName, PoolUsage usage) {}

    private Future<List<PoolRow>> rows() {
        var table = dialect.pools();
        return login.within(timeoutMillis, connection.query(table.query()).execute())
                .map(rows -> {
                    var found = new ArrayList<PoolRow>();
                    for (var row : rows) {
                        found.add(new PoolRow(row.getString(table.name()), table.usage(column -> number(row, column))));
                    }
                    return found;
                });
    }

    private static @Nullable Long number(Row row, String column) {
        var index = row.getColumnIndex(column);
        return index < 0 ? null : row.getLong(index);
    }

    @Override
    public void close() {
        connection.close();
    }
}
