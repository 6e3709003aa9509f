package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.PoolerStages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HostileTenantsClusterIT {
    private static final int CREATES = 10;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @Test
    void fiveHostileTenantsOfAHundredStarveNobody() throws Exception {
        try (HostileRun run = new HostileRun(STAGES)) {
            run.hostilitiesBegin();
            run.everybodyGoodComes();
            assertThat(run.refusals()).isEmpty();

            Latencies creates = run.create("fresh", CREATES);
            assertThat(run.refusalsOfAFreshPod()).isEmpty();
            run.expectOrder();
            assertThat(run.refusals()).isEmpty();

            System.out.printf(
                    "Hostile tenants: %s; meanwhile 95 of 95 others Ready and let in, also by a fresh pod;"
                            + " %d creates, p50 %d ms, p99 %d ms%n",
                    run.counts(), CREATES, creates.percentile(50), creates.percentile(99));
        }
    }
}
