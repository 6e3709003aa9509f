package io.tenantpool.upstream;

import io.tenantpool.model.PasswordAnswer;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Tries a password on PostgreSQL itself, by one login that ends at once. A pooler cannot tell: it compares with its own
 * list, and opens no server connection while it has an idle one.
 */
final class PasswordLogin {
    private static final String WRONG = "28P01";

    /** No such database, no CONNECT privilege: both are looked at after the password. */
    private static final Set<String> AFTER_THE_PASSWORD = Set.of("3D000", "42501");

    private final Vertx vertx;
    private final Duration timeout;

    /** @param timeout for everything together */
    PasswordLogin(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
    }

    /** Never fails: whoever could not ask knows no more than before. */
    CompletionStage<PasswordAnswer> ask(Server server, String database) {
        Promise<PasswordAnswer> promise = Promise.promise();
        var timer = vertx.setTimer(timeout.toMillis(), id -> promise.tryComplete(PasswordAnswer.UNCHECKED));
        PgConnection.connect(vertx, server.options(database, timeout)).onComplete(login -> {
            vertx.cancelTimer(timer);
            promise.tryComplete(login.succeeded() ? PasswordAnswer.ACCEPTED : refused(login.cause()));
            if (login.succeeded()) {
                login.result().close(); // also when it came too late
            }
        });
        return promise.future().toCompletionStage();
    }

    private static PasswordAnswer refused(Throwable failure) {
        var state = failure instanceof PgException error ? error.getSqlState() : null;
        if (WRONG.equals(state)) {
            return PasswordAnswer.REJECTED;
        }
        return state != null && AFTER_THE_PASSWORD.contains(state) ? PasswordAnswer.ACCEPTED : PasswordAnswer.UNCHECKED;
    }
}
