package io.tenantpool.delivery;

import io.tenantpool.engine.Engine;
import io.tenantpool.model.Login;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * Logs in as a tenant. The proof leaves while its transaction is open: PgBouncer then closes the server connection at
 * once, so that proofs of many tenants do not pile up idle connections (docs/adr/0004-proofs-leave-nothing.md).
 */
final class Prover {
    private static final String PROOF = "BEGIN; SELECT 1";

    private final PgLogin login;
    private final Engine engine;
    private final long timeoutMillis;

    Prover(PgLogin login, Engine engine, long timeoutMillis) {
        this.login = login;
        this.engine = engine;
        this.timeoutMillis = timeoutMillis;
    }

    /** What a login told, and the server's own words when it failed. */
    record Result(Login login, String detail) {}

    /** Never fails: whatever happens is a result. */
    Future<Result> prove(PgLogin.Target target) {
        return login.open(target, timeoutMillis)
                .compose(this::select, failure -> Future.succeededFuture(refused(failure)));
    }

    private Future<Result> select(PgConnection connection) {
        return login.within(timeoutMillis, connection.query(PROOF).execute())
                .map(rows -> new Result(Login.PROVEN, ""))
                // The login was accepted; a query that only waits means that others keep the pool busy.
                .otherwise(
                        failure -> failure instanceof TimeoutException ? new Result(Login.BUSY, "") : refused(failure))
                .onComplete(done -> connection.close());
    }

    private Result refused(Throwable failure) {
        if (failure instanceof PgException error) {
            var message = Objects.requireNonNullElse(error.getErrorMessage(), "");
            return new Result(engine.classify(error.getSqlState(), message), message);
        }
        if (failure instanceof TimeoutException) {
            return new Result(Login.UPSTREAM_UNREACHABLE, "the pooler gave no answer to the login");
        }
        return new Result(
                Login.POOLER_UNREACHABLE,
                Objects.requireNonNullElse(
                        failure.getMessage(), failure.getClass().getSimpleName()));
    }
}
