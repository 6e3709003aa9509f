package io.tenantpool.upstream;

import io.tenantpool.upstream.Answer.Failed;
import io.tenantpool.upstream.Answer.Problem;
import io.tenantpool.upstream.Answer.Told;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks a server for its settings in one connection that is closed whatever happens. */
final class ServerQuery {
    private static final String DATABASE = "postgres";
    private static final int MOST_WORDS = 200;

    /**
     * PostgreSQL hides {@code backend_type} of other roles from a role that is not in {@code pg_read_all_stats}, but
     * not that they have a database and a user, which only clients and their parallel workers have both.
     */
    private static final String SQL = """
            SELECT pg_catalog.current_setting('max_connections')::int,
                   pg_catalog.current_setting('superuser_reserved_connections')::int
                     + coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::int,
                   (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_stat_activity
                     WHERE backend_type = 'client backend'
                        OR backend_type IS NULL AND datid IS NOT NULL AND usesysid IS NOT NULL)""";

    private final Vertx vertx;
    private final Duration timeout;
    private final TlsProbe probe;

    /** @param timeout for everything together: TCP, login and answer */
    ServerQuery(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.probe = new TlsProbe(vertx, timeout);
    }

    /** Never fails: whatever happens is an answer. */
    CompletionStage<Answer> ask(Server server) {
        Promise<ServerSettings> promise = Promise.promise();
        var connecting = PgConnection.connect(vertx, server.options(DATABASE, timeout));
        var timer = vertx.setTimer(timeout.toMillis(), id -> {
            promise.tryFail(new TimeoutException());
            connecting.onSuccess(PgConnection::close); // now, or when the login comes after all
        });
        connecting
                .compose(connection -> connection
                        .query(SQL)
                        .execute()
                        .map(ServerQuery::settings)
                        .onComplete(done -> connection.close()))
                .onComplete(result -> {
                    vertx.cancelTimer(timer);
                    if (result.succeeded()) {
                        promise.tryComplete(result.result());
                    } else {
                        promise.tryFail(result.cause());
                    }
                });
        return promise.future()
                .<Answer>map(Told::new)
                .recover(failure -> explained(server, failure))
                .toCompletionStage();
    }

    /** The client does not tell why it does not believe a server. */
    private Future<Answer> explained(Server server, Throwable failure) {
        var known = failed(server, failure);
        if (!server.tls().encrypted() || known.problem() != Problem.OTHER || failure instanceof PgException) {
            return Future.succeededFuture(known);
        }
        return Future.fromCompletionStage(probe.ask(new ServerAddress(server.host(), server.port()), server.tls()))
                .map(refusal -> refusal.<Answer>map(words -> new Failed(Problem.NOT_BELIEVED, words))
                        .orElse(known));
    }

    private static ServerSettings settings(RowSet<Row> rows) {
        var row = rows.iterator().next();
        return new ServerSettings(row.getInteger(0), row.getInteger(1), row.getInteger(2));
    }

    private Failed failed(Server server, Throwable failure) {
        var subject = "PostgreSQL at " + server.address();
        if (failure instanceof PgException error) {
            var words = clean(error.getErrorMessage(), server);
            return isLogin(error.getSqlState())
                    ? new Failed(Problem.AUTHENTICATION_FAILED, subject + " refused the login: " + words)
                    : new Failed(
                            Problem.OTHER,
                            "%s answered: %s (SQLSTATE %s)".formatted(subject, words, error.getSqlState()));
        }
        if (failure instanceof TimeoutException) {
            return unreachable(subject + " gave no answer within " + timeout.toMillis() + " ms");
        }
        if (failure instanceof UnknownHostException) {
            return unreachable(subject + " cannot be reached: there is no such host");
        }
        if (failure instanceof ConnectException) {
            return unreachable(subject + " cannot be reached: the connection was refused");
        }
        if (failure instanceof IOException || failure instanceof ClosedConnectionException) {
            return unreachable(subject + " closed the connection");
        }
        // Not its message: it may come from the depths of an authentication.
        return new Failed(
                Problem.OTHER,
                subject + " could not be asked: " + failure.getClass().getSimpleName());
    }

    private static Failed unreachable(String words) {
        return new Failed(Problem.UNREACHABLE, words);
    }

    /** Class 28, invalid authorization: password, unknown role, NOLOGIN, pg_hba.conf. */
    private static boolean isLogin(@Nullable String sqlState) {
        return sqlState != null && sqlState.startsWith("28");
    }

    /** Whoever answers at that address may be no PostgreSQL and may echo what it was sent. */
    private static String clean(@Nullable String message, Server server) {
        var words = Objects.requireNonNullElse(message, "").replaceAll("\\p{Cntrl}", " ");
        if (words.contains(server.password().value())) {
            return "(words that are not shown)";
        }
        return words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + "…" : words;
    }
}
