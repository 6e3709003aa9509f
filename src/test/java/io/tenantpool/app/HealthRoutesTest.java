package io.tenantpool.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolUsage;
import io.tenantpool.model.PoolerId;
import io.tenantpool.observe.PoolUsages;
import io.tenantpool.observe.PoolsHealth;
import io.tenantpool.testing.Given;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the operator's HTTP port gets to read. */
class HealthRoutesTest {
    private static final Duration MAX_AGE = Duration.ofSeconds(5);
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final AtomicReference<CompletionStage<PoolReading>> READING = new AtomicReference<>();

    @SuppressWarnings("NullAway.Init")
    private static HttpServer server;

    @BeforeAll
    static void serve() {
        var router = Router.router(VERTX);
        new HealthRoutes().routes(router, new PoolsHealth(new FakeUsages(), Runnable::run, MAX_AGE));
        server = VERTX.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void the_pools_of_a_poolercluster_are_told_as_json() throws Exception {
        var usage = new PoolUsage(8, 9, 12, 3, Duration.ofMillis(5400));
        READING.set(CompletableFuture.completedFuture(
                new PoolReading(Given.NOW, 2, Map.of("main-transaction-x", Map.of("acme-pool", usage)))));

        var answer = ask("GET", "/health/pools/poolers/main");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        assertThat(json(answer.body())).isEqualTo(json("""
                {"poolerCluster": "poolers/main", "at": "2026-03-04T05:06:07Z", "doors": {"transaction": {
                  "size": 10, "checkedOut": 8, "utilization": 80.0, "waiting": 3, "maxWaitSeconds": 5.4,
                  "level": "emergency", "pods": {"asked": 2, "read": 1},
                  "fullestPod":
                    {"name": "main-transaction-x", "size": 10, "checkedOut": 8, "utilization": 80.0, "waiting": 3},
                  "tenants": {"team-a/acme": {
                    "poolName": "acme-pool",
                    "size": 10, "checkedOut": 8, "utilization": 80.0, "waiting": 3, "maxWaitSeconds": 5.4,
                    "level": "emergency",
                    "fullestPod":
                      {"name": "main-transaction-x", "size": 10, "checkedOut": 8, "utilization": 80.0, "waiting": 3}
                  }}}}}
                """));
    }

    @Test
    void pods_that_say_nothing_are_no_idle_pods() throws Exception {
        READING.set(CompletableFuture.completedFuture(new PoolReading(Given.NOW, 2, Map.of())));

        var answer = ask("GET", "/health/pools/poolers/main");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"error\":\"no pooler pod says how full its pools are\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/pools/poolers/other",
                "/health/pools/poolers/MAIN",
                "/health/pools/poolers/main%00",
                "/health/pools/poolers/main%2F",
                "/health/pools/poolers/%22%3Cscript%3E"
            })
    void a_name_that_is_not_exactly_one_of_ours_is_not_found_and_not_repeated(String path) throws Exception {
        var answer = ask("GET", path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"error\":\"no such PoolerCluster is served\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void nothing_can_be_changed(String method) throws Exception {
        var answer = ask(method, "/health/pools/poolers/main");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET");
        assertThat(answer.body()).isEqualTo("{\"error\":\"only GET is answered\"}");
    }

    @Test
    void what_breaks_is_not_told_to_the_client() throws Exception {
        READING.set(CompletableFuture.failedFuture(new IllegalStateException("an inner matter")));

        var answer = ask("GET", "/health/pools/poolers/main");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"error\":\"see the log of the operator\"}");
    }

    @Test
    void a_client_that_waits_keeps_no_other_waiting() throws Exception {
        var slow = new CompletableFuture<PoolReading>();
        READING.set(slow);
        var waiting =
                CLIENT.sendAsync(request("GET", "/health/pools/poolers/main"), HttpResponse.BodyHandlers.ofString());

        assertThat(ask("GET", "/health/pools/poolers/other").statusCode()).isEqualTo(404);

        assertThat(waiting).isNotDone();
        slow.complete(new PoolReading(Given.NOW, 1, Map.of("a", Map.of())));
        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> ask(String method, String path) throws Exception {
        return CLIENT.send(request(method, path), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private static Object json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }

    private static final class FakeUsages implements PoolUsages {
        @Override
        public Map<PoolerId, List<PoolShare>> shares(String namespace, String cluster) {
            return namespace.equals("poolers") && cluster.equals("main")
                    ? Map.of(Given.pooler("transaction"), List.of(new PoolShare(Given.id("acme"), "acme-pool", 10)))
                    : Map.of();
        }

        @Override
        public CompletionStage<PoolReading> usage(PoolerId pooler, Duration maxAge) {
            assertThat(maxAge).isEqualTo(MAX_AGE);
            return Objects.requireNonNull(READING.get());
        }
    }
}
