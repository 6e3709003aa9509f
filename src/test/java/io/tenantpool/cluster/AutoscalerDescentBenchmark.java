package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerScale;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a real autoscaler takes pods away that nobody uses: it thinks for five minutes first. */
class AutoscalerDescentBenchmark {
    private static final int FROM = 5;
    private static final int TO = 2;

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(FROM);

    @Test
    void onePodIsTakenAwayPerGrace() throws Exception {
        try (LeavingPods leaving = LeavingPods.of(POOLER)) {
            PoolerScale.of(POOLER).autoscale(TO, FROM, 100);
            await("the fewest pods are left")
                    .atMost(Duration.ofMinutes(10))
                    .until(() -> POOLER.pods().size() == TO);

            List<Long> apart = leaving.apart();
            BenchmarkReport report = new BenchmarkReport(
                    "The autoscaler takes pods away, from " + FROM + " to " + TO + ", with a grace of 10 s",
                    List.of("pod", "told to stop after the one before"));
            for (int i = 0; i < apart.size(); i++) {
                report.row(Integer.toString(i + 2), Latencies.seconds(apart.get(i)));
            }
            report.publish("autoscaler-descent");
            assertThat(apart).hasSize(FROM - TO - 1);
            assertThat(leaving.mostAtOnce()).isEqualTo(1);
        }
    }
}
