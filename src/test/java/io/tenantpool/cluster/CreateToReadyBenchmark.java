package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.ReadyWatch;
import io.tenantpool.testing.TestTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long after its creation a tenant can be used, beside the same without the annotation that wakes the kubelet. */
class CreateToReadyBenchmark {
    private static final int THERE_ALREADY = Integer.getInteger("bench.tenants", 1_000);
    private static final int CREATES = Integer.getInteger("bench.creates", 100);
    private static final int BASELINE_CREATES = Integer.getInteger("bench.baseline", 3);

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(3);

    @Test
    void aTenantIsUsableWithinTheTimeThatWasPromised() throws Exception {
        List<TestTenant> there = POOLER.tenants().named("there", THERE_ALREADY);
        POOLER.tenants().prepare(there);
        POOLER.tenants().applyAtOnce(there);
        POOLER.tenants().awaitReady(there);

        Latencies kicked = createOneAfterAnother("kicked", CREATES);
        POOLER.cluster()
                .restartOperator(Map.of(
                        // Without patience the pods that the kubelet serves last would be taken out of traffic
                        // meanwhile.
                        "tenantpool.delivery.kick", "false", "tenantpool.delivery.patience", "5m"));
        Latencies baseline = createOneAfterAnother("baseline", BASELINE_CREATES);
        POOLER.cluster().restartOperator();

        BenchmarkReport report = new BenchmarkReport(
                "Create to Ready: 3 pooler pods, " + THERE_ALREADY + " tenants already there, one create after another",
                List.of("delivery", "creates", "p50", "p90", "p99", "max"));
        kicked.addTo(report, "annotation kick (default)");
        baseline.addTo(report, "kubelet's own sync (tenantpool.delivery.kick=false)");
        report.publish("create-to-ready");
        assertThat(kicked.percentile(50)).as("p50 in ms").isLessThanOrEqualTo(900);
        assertThat(kicked.percentile(99)).as("p99 in ms").isLessThanOrEqualTo(1_500);
    }

    private static Latencies createOneAfterAnother(String prefix, int count) throws Exception {
        List<TestTenant> tenants = POOLER.tenants().named(prefix, count);
        POOLER.tenants().prepare(tenants);
        List<Long> millis = new ArrayList<>();
        Random arrival = new Random(1);
        try (ReadyWatch watch = POOLER.tenants().watch()) {
            for (TestTenant tenant : tenants) {
                long start = System.nanoTime();
                POOLER.tenants().apply(tenant);
                long seen = watch.ready(tenant.name(), 1).get(5, TimeUnit.MINUTES);
                millis.add(TimeUnit.NANOSECONDS.toMillis(seen - start));
                assertThat(POOLER.refusals(tenant)).isEmpty();
                // The kubelet looks at a changed pod once a second: creates that follow each other at once would all
                // meet it just after it looked. They come at random instead, the same way in every run.
                Thread.sleep(arrival.nextInt(1_000));
            }
        }
        return new Latencies(millis);
    }
}
