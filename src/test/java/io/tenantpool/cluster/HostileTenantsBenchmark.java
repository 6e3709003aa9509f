package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.PoolerStages;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long a new tenant waits beside 95 that behave and 5 that do not. */
class HostileTenantsBenchmark {
    private static final int CREATES = Integer.getInteger("bench.creates", 100);

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void aNewTenantIsUsableWithinTwoSecondsWhateverOthersDo() throws Exception {
        try (HostileRun run = new HostileRun(STAGES)) {
            run.everybodyGoodComes();
            Latencies peace = run.create("peace", CREATES);
            run.hostilitiesBegin();
            Latencies creates = run.create("fresh", CREATES);
            run.expectOrder();

            BenchmarkReport report = new BenchmarkReport(
                    "Create to Ready: 2 pooler pods, 95 tenants and 5 hostile ones (" + run.counts() + ")",
                    List.of("", "creates", "p50", "p90", "p99", "max"));
            peace.addTo(report, "before the hostile ones came");
            creates.addTo(report, "beside them");
            report.publish("hostile-tenants");
            assertThat(creates.percentile(99)).as("p99 in ms").isLessThanOrEqualTo(2_000);
        }
    }
}
