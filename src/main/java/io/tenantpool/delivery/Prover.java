package io.tenantpool.delivery;

import io.tenantpool.engine.Engine;
import io.tenantpool.model.Login;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * Logs in as a tenant. The proof leaves while its transaction is open: PgBouncer then closes the server connection at
 * once, so that proofs of many tenants do not pile up idle connections (docs/adr/0004-proofs-leave-nothing.md). A
 * statement door takes no transactions: there it is a plain statement, and its connection goes when it has been idle.
 */
final class Prover {
    private static final String PROOF = "BEGIN; SELECT 1";
    private static final String STATEMENT = "SELECT 1";

    private final PgLogin login;
    private final Consoles consoles;
    private final Engine engine;
    private final long timeoutMillis;

    Prover(PgLogin login, Engine engine, long timeoutMillis) {
        this.login = login;
        this.consoles = new Consoles(login, engine.console(), timeoutMillis);
        this.engine = engine;
        this.timeoutMillis = timeoutMillis;
    }

    /** What a login told, and the server's own words when it failed. */
    record Result(Login login, String detail) {}

    /**
     * Never fails: whatever happens is a result.
     *
     * @param transactions whether the door takes more than single statements
     * @param access to the console of the pooler that the target leads to
     */
    Future<Result> prove(PgLogin.Target target, boolean transactions, Consoles.Access access) {
        return login.open(target, timeoutMillis)
                .compose(
                        connection -> select(connection, transactions ? PROOF : STATEMENT, target, access),
                        failure -> Future.succeededFuture(refused(failure)));
    }

    /**
     * Stays connected for {@code time}, outside of a transaction, so that the pooler fills the pool and keeps it filled.
     *
     * @return completes on {@code loop}, also when the login fails
     */
    Future<Void> hold(PgLogin.Target target, DeliveryLoop loop, Duration time) {
        Promise<Void> left = Promise.promise();
        login.open(target, timeoutMillis)
                .compose(connection -> login.within(
                                timeoutMillis, connection.query(STATEMENT).execute())
                        .onFailure(failure -> connection.close())
                        .map(rows -> connection))
                .onSuccess(connection -> loop.after(time, () -> {
                    connection.close();
                    left.tryComplete();
                }))
                .onFailure(failure -> loop.execute(left::tryComplete));
        return left.future();
    }

    private Future<Result> select(
            PgConnection connection, String proof, PgLogin.Target target, Consoles.Access access) {
        return login.within(timeoutMillis, connection.query(proof).execute())
                .map(rows -> new Result(Login.PROVEN, ""))
                .recover(failure -> failure instanceof TimeoutException
                        ? waited(target, access) // while it still waits, so that the pooler counts it
                        : Future.succeededFuture(refused(failure)))
                .onComplete(done -> connection.close());
    }

    /**
     * The login was accepted and the query waits: others keep the pool busy, or the server died after the pooler had
     * learnt how to greet its clients. Only the pooler knows; behind the published address it is one of several, and one
     * that happens to be idle is asked again with the next proof.
     */
    private Future<Result> waited(PgLogin.Target target, Consoles.Access access) {
        return consoles.open(target.host(), target.port(), access)
                .compose(session -> session.isBusy(target.database()).onComplete(done -> session.close()))
                .map(busy -> busy
                        ? new Result(Login.BUSY, "")
                        : new Result(Login.UPSTREAM_UNREACHABLE, "PostgreSQL does not answer the pooler"))
                .otherwise(failure ->
                        new Result(Login.POOLER_UNREACHABLE, "the pooler's console did not say why SELECT 1 waits"));
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
