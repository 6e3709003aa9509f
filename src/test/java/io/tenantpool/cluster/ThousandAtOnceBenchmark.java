package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.ConnectionSampler;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PrometheusText;
import io.tenantpool.testing.ReadyWatch;
import io.tenantpool.testing.TestTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long until the last of many tenants that are applied at once can be used, and what that costs. */
class ThousandAtOnceBenchmark {
    private static final int TENANTS = Integer.getInteger("bench.tenants", 1_000);
    private static final int MAX_CONNECTIONS = 200;

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(3);

    @Test
    void allAreReadyInTimeAndTheProofsLeavePostgresItsConnections() throws Exception {
        List<TestTenant> tenants = POOLER.tenants().named("crowd", TENANTS);
        POOLER.tenants().prepare(tenants);
        Costs before = Costs.now();

        List<Long> millis = new ArrayList<>();
        long applied;
        int peak;
        try (ReadyWatch watch = POOLER.tenants().watch();
                ConnectionSampler sampler =
                        ConnectionSampler.start(POOLER.cluster().postgres())) {
            long start = System.nanoTime();
            POOLER.tenants().applyAtOnce(tenants);
            applied = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            for (TestTenant tenant : tenants) {
                long seen = watch.ready(tenant.name(), 1).get(10, TimeUnit.MINUTES);
                millis.add(TimeUnit.NANOSECONDS.toMillis(seen - start));
            }
            peak = sampler.peak();
        }

        Latencies ready = new Latencies(millis);
        publish(ready, applied, peak, before, Costs.now());
        assertThat(ready.percentile(100)).as("all Ready, in ms").isLessThanOrEqualTo(60_000);
        assertThat(peak).as("server connections").isLessThan(MAX_CONNECTIONS);
    }

    private static void publish(Latencies ready, long applied, int peak, Costs before, Costs after) throws Exception {
        BenchmarkReport report = new BenchmarkReport(
                TENANTS + " tenants applied at once, 3 pooler pods, max_connections = " + MAX_CONNECTIONS,
                List.of("what", "measured"));
        report.row("the API server has accepted all Tenants after", Latencies.seconds(applied));
        report.row("half of them Ready after", Latencies.seconds(ready.percentile(50)));
        report.row("all of them Ready after", Latencies.seconds(ready.percentile(100)));
        report.row("peak of server connections, sampled every 100 ms", Integer.toString(peak));
        report.row("RELOADs", number(after.reloads - before.reloads));
        report.row("logins of the operator", number(after.proofs - before.proofs));
        // The test itself creates each Tenant, which is not among these.
        report.row("status writes per tenant", perTenant(after.statusWrites - before.statusWrites));
        report.row("Secret writes per tenant", perTenant(after.secretWrites - before.secretWrites));
        report.row("writes of pods (kicks)", number(after.podWrites - before.podWrites));
        report.row("writes of Events per tenant", perTenant(after.eventWrites - before.eventWrites));
        report.publish("thousand-at-once");
    }

    private static String perTenant(double total) {
        return String.format(Locale.ROOT, "%.2f", total / TENANTS);
    }

    private static String number(double value) {
        return Long.toString(Math.round(value));
    }

    /** What the operator counts, and the writes that the API server counts, whoever they come from. */
    private record Costs(
            double reloads,
            double proofs,
            double statusWrites,
            double secretWrites,
            double podWrites,
            double eventWrites) {

        static Costs now() {
            PrometheusText operator =
                    new PrometheusText(POOLER.cluster().operator().metrics());
            PrometheusText api = new PrometheusText(POOLER.client().raw("/metrics"));
            return new Costs(
                    operator.sum("tenantpool_pooler_reload_seconds_count"),
                    operator.sum("tenantpool_proofs_total"),
                    writes(api, "tenants", "status"),
                    writes(api, "secrets", ""),
                    writes(api, "pods", ""),
                    writes(api, "events", ""));
        }

        private static double writes(PrometheusText api, String resource, String subresource) {
            return api.byLabels("apiserver_request_total").entrySet().stream()
                    .filter(entry -> entry.getKey().contains("resource=\"" + resource + "\""))
                    .filter(entry -> entry.getKey().contains("subresource=\"" + subresource + "\""))
                    .filter(entry ->
                            entry.getKey().matches(".*code=\"2.*dry_run=\"\".*verb=\"(POST|PUT|PATCH|APPLY)\".*"))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        }
    }
}
