package io.tenantpool.cluster;

import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PooledClients;
import java.time.Duration;
import java.util.List;

/** Transactions per second: the median of many seconds, since a machine that is shared has bad ones. */
record Throughput(int perSecond) {
    private static final Duration OBSERVED = Duration.ofSeconds(15);

    /** Of these clients from now on. */
    static Throughput of(PooledClients clients) {
        long from = System.nanoTime();
        await("transactions for a while")
                .during(OBSERVED)
                .atMost(OBSERVED.multipliedBy(2))
                .until(() -> clients.refused().isEmpty());
        List<Integer> seconds =
                clients.perSecond(from, System.nanoTime()).stream().sorted().toList();
        return new Throughput(seconds.get(seconds.size() / 2));
    }

    double ratioTo(Throughput before) {
        return (double) perSecond / before.perSecond;
    }

    @Override
    public String toString() {
        return perSecond + " tps";
    }
}
