package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.engine.Engine;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolGrant;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Standing;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import io.tenantpool.testing.RealPooler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long a RELOAD stops a pooler that serves nobody else meanwhile; no cluster is needed. */
class ReloadBenchmark {
    private static final int RELOADS = Integer.getInteger("bench.reloads", 500);
    private static final int WARM_UP = 20;
    private static final int PROMISED_FOR = 500;
    private static final Duration PROMISED = Duration.ofMillis(10);
    private static final Engine ENGINE = new PgBouncerEngine();

    @Test
    void reloadStopsAPodForNoLongerThanWasPromised() throws Exception {
        BenchmarkReport report = new BenchmarkReport(
                RELOADS + " RELOADs, each after one tenant left and another one came; 6 [peers],"
                        + " a [users] line for each tenant",
                List.of("tenants", "console's answer p50", "p99", "max", "CPU p50", "p99", "max"));
        Latencies promised = measure(report, PROMISED_FOR);
        measure(report, 2 * PROMISED_FOR);
        report.publish("reload");

        assertThat(promised.percentile(99)).as("p99 in microseconds").isLessThanOrEqualTo(PROMISED.toNanos() / 1000);
    }

    /** @return in microseconds */
    private static Latencies measure(BenchmarkReport report, int tenants) {
        try (RealPooler pooler = RealPooler.start(OperandTier.pgBouncer(), ENGINE, content(tenants, 0))) {
            pooler.reload(contents(tenants, 1, WARM_UP));
            List<RealPooler.Reload> reloads = pooler.reload(contents(tenants, WARM_UP, WARM_UP + RELOADS));
            Latencies took = micros(reloads.stream().map(RealPooler.Reload::answer));
            Latencies cpu = micros(reloads.stream().map(RealPooler.Reload::cpu));
            report.row(
                    Integer.toString(tenants),
                    millis(took.percentile(50)),
                    millis(took.percentile(99)),
                    millis(took.percentile(100)),
                    millis(cpu.percentile(50)),
                    millis(cpu.percentile(99)),
                    millis(cpu.percentile(100)));
            return took;
        }
    }

    private static Latencies micros(Stream<Duration> durations) {
        return new Latencies(
                durations.map(duration -> duration.toNanos() / 1000).toList());
    }

    private static List<PoolerContent> contents(int tenants, int from, int until) {
        List<PoolerContent> contents = new ArrayList<>();
        for (int i = from; i < until; i++) {
            contents.add(content(tenants, i));
        }
        return contents;
    }

    /** All but one of the tenants are the same in each variant. */
    private static PoolerContent content(int tenants, int variant) {
        List<Placed> placed = new ArrayList<>();
        placed.add(tenant("variant-" + variant % 10));
        for (int i = 1; i < tenants; i++) {
            placed.add(tenant("tenant-" + i));
        }
        placed.sort(Comparator.comparing(Placed::poolName));
        SortedMap<Integer, String> peers = new TreeMap<>();
        for (int i = 1; i <= 6; i++) {
            peers.put(i * 1000, "127.0.0." + (10 + i));
        }
        TreeSet<String> limited = new TreeSet<>();
        placed.forEach(tenant -> tenant.roles().forEach(role -> limited.add(role.name())));
        PoolerContent given = Given.content();
        return new PoolerContent(
                given.id(),
                given.listener(),
                placed,
                new TreeMap<>(),
                limited,
                peers,
                false,
                Forgetting.NEVER,
                given.serverTls(),
                given.keys());
    }

    private static Placed tenant(String name) {
        return new Placed(
                Given.id(name),
                "pool-of-" + name,
                "database_of_" + name,
                Given.UPSTREAM,
                List.of(Given.role("role-of-" + name)),
                new PoolGrant(4, 2, 2, 0),
                new DoorLimits(50, null, 60),
                Standing.SERVING);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }
}
