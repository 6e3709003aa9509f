package io.tenantpool.app;

import io.tenantpool.observe.PoolsHealth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** What the operator answers over HTTP beside health checks and metrics. */
@ApplicationScoped
public class HealthRoutes {
    private static final Logger LOG = Logger.getLogger(HealthRoutes.class);
    private static final String POOLS = "/health/pools/:namespace/:cluster";
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int SERVER_ERROR = 500;

    void routes(@Observes Router router, PoolsHealth pools) {
        router.get(POOLS).handler(context -> pools(context, pools));
        router.route(POOLS).handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, "GET");
            send(context, pools.refuse(METHOD_NOT_ALLOWED, "only GET is answered"));
        });
    }

    private static void pools(RoutingContext context, PoolsHealth pools) {
        var answer = pools.look(context.pathParam("namespace"), context.pathParam("cluster"));
        Future.fromCompletionStage(answer, context.vertx().getOrCreateContext()).onComplete(done -> {
            if (done.failed()) {
                LOG.error("The pools could not be looked at", done.cause());
            }
            send(context, done.succeeded() ? done.result() : pools.refuse(SERVER_ERROR, "see the log of the operator"));
        });
    }

    private static void send(RoutingContext context, PoolsHealth.Answer answer) {
        context.response()
                .setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(answer.json());
    }
}
