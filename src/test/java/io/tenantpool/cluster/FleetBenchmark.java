package io.tenantpool.cluster;

import static io.tenantpool.testing.Fleet.SESSION;
import static io.tenantpool.testing.Fleet.TRANSACTION;
import static io.tenantpool.testing.Fleet.numbers;
import static io.tenantpool.testing.Fleet.pooler;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.Fleet;
import io.tenantpool.testing.FleetFootprint;
import io.tenantpool.testing.PrometheusText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What changes cost an operator that looks after three cells with two doors each; no cluster is needed. */
class FleetBenchmark {
    private static final int CELLS = 3;
    private static final int PER_CELL = Integer.getInteger("bench.tenants", 3_000) / CELLS;
    private static final int FIRST_CHANGES = Integer.getInteger("bench.creates", 20);
    private static final int TENANTS = CELLS * PER_CELL - FIRST_CHANGES;
    private static final int CHANGES_PER_SECOND = 5;
    private static final Duration STREAM = Duration.ofSeconds(Integer.getInteger("bench.seconds", 60));
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final long BYTES_PER_SECOND = 1_000_000;

    private static final BenchmarkReport REPORT = new BenchmarkReport(
            CELLS + " cells x 2 doors of one pod each, " + CELLS * PER_CELL + " tenants", List.of("what", "measured"));

    @SuppressWarnings("NullAway.Init")
    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = Fleet.start(PER_CELL, Map.of());
        fleet.prepare(0, CELLS * PER_CELL);
        fleet.create(numbers(0, TENANTS));
        fleet.awaitReady(numbers(0, TENANTS), 1, PATIENCE);
    }

    @AfterAll
    static void stop() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void theFirstChangeIsWrittenAtOnceAndAStreamOfChangesStaysBelowTheLimit() throws Exception {
        try (SecretWriteLog log = new SecretWriteLog(fleet.api())) {
            Set<String> strangers = firstChanges(log);
            List<SecretWriteLog.Write> writes = stream(log);
            REPORT.publish("fleet");

            assertThat(strangers).as("poolers of other cells").isEmpty();
            long largest =
                    writes.stream().mapToLong(SecretWriteLog.Write::bytes).max().orElse(0);
            long atOnce = largest + BYTES_PER_SECOND / 2; // half a second is saved up while nobody writes
            assertThat(SecretWriteLog.mostPerSecond(writes, STREAM.plusSeconds(1)))
                    .as("bytes per second")
                    .isLessThanOrEqualTo(BYTES_PER_SECOND + atOnce / STREAM.toSeconds());
            assertThat(SecretWriteLog.mostPerSecond(writes, Duration.ofSeconds(5)))
                    .as("bytes per second within any 5 s, the write at their end counted whole")
                    .isLessThanOrEqualTo(BYTES_PER_SECOND + atOnce / 5);
        }
    }

    /** @return the poolers of other cells that were written or reloaded meanwhile */
    private static Set<String> firstChanges(SecretWriteLog log) {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        List<Long> ready = new ArrayList<>();
        List<Long> reloads = new ArrayList<>();
        Set<String> strangers = new TreeSet<>();
        for (int tenant = TENANTS; tenant < TENANTS + FIRST_CHANGES; tenant++) {
            FleetFootprint before = fleet.atRest(QUIET, PATIENCE);
            long start = System.nanoTime();
            fleet.create(tenant);
            ready.add(millis(fleet.awaitReady(List.of(tenant), 1, PATIENCE).get(0) - start));
            FleetFootprint cost = fleet.atRest(QUIET, PATIENCE).since(before);
            List<SecretWriteLog.Write> writes = log.since(start);
            assertThat(writes).hasSize(2);
            first.add(millis(writes.get(0).nanos() - start));
            second.add(millis(writes.get(1).nanos() - start));
            cost.reloads().values().forEach(reloads::add);
            int cell = fleet.cellOf(tenant);
            strangers.addAll(cost.secretWrites().keySet());
            strangers.addAll(cost.reloads().keySet());
            strangers.removeAll(Set.of(pooler(cell, TRANSACTION), pooler(cell, SESSION)));
        }
        row("one create at rest: written to the first door's Secret after, p50 / max", first);
        row("... to the second door's, p50 / max", second);
        row("... Ready after, p50 / max", ready);
        REPORT.row("... Secrets written / RELOADs of a pod, p50", "2 / " + new Latencies(reloads).percentile(50));
        REPORT.row("... writes and RELOADs of the other cells", strangers.isEmpty() ? "0" : strangers.toString());
        return strangers;
    }

    private static List<SecretWriteLog.Write> stream(SecretWriteLog log) throws InterruptedException {
        fleet.atRest(QUIET, PATIENCE);
        PrometheusText before = new PrometheusText(fleet.operator().metrics());
        Duration cpuBefore = cpu();
        int changes = (int) STREAM.toSeconds() * CHANGES_PER_SECOND;
        long start = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            // Cell after cell; each tenant's pools grow once, for a pool that shrinks is written twice.
            fleet.resize(i % CELLS * PER_CELL + i / CELLS, 3);
            long due = start + TimeUnit.SECONDS.toNanos(i + 1L) / CHANGES_PER_SECOND;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpu = cpu().minus(cpuBefore).toMillis() / 1000.0;
        PrometheusText after = new PrometheusText(fleet.operator().metrics());
        List<SecretWriteLog.Write> writes = log.since(start);
        long bytes = writes.stream().mapToLong(SecretWriteLog.Write::bytes).sum();
        REPORT.row("a stream of changes", text("%d in %.1f s", changes, seconds));
        REPORT.row(
                "... writes of pooler Secrets",
                text("%d, %.0f kB each", writes.size(), bytes / 1e3 / Math.max(1, writes.size())));
        REPORT.row("... bytes per second, over all of it", text("%.2f MB", bytes / 1e6 / seconds));
        for (int window : List.of(5, 1)) {
            long most = SecretWriteLog.mostPerSecond(writes, Duration.ofSeconds(window));
            REPORT.row("... bytes per second, the most within " + window + " s", text("%.2f MB", most / 1e6));
        }
        reconciliations(before, after, seconds, cpu);
        return writes;
    }

    private static void reconciliations(PrometheusText before, PrometheusText after, double seconds, double cpu) {
        String metric = "tenantpool_reconciliation_seconds_";
        String cluster = "controller=\"poolercluster\"";
        double count = after.sum(metric + "count", cluster) - before.sum(metric + "count", cluster);
        double sum = after.sum(metric + "sum", cluster) - before.sum(metric + "sum", cluster);
        REPORT.row(
                "... reconciliations of the PoolerCluster",
                text("%.0f, %.0f ms each", count, 1000 * sum / Math.max(1, count)));
        REPORT.row("... CPU of the operator", text("%.0f %% of a core", 100 * cpu / seconds));
    }

    private static Duration cpu() {
        return fleet.operator().handle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void row(String what, List<Long> millis) {
        Latencies all = new Latencies(millis);
        REPORT.row(what, all.percentile(50) + " ms / " + all.percentile(100) + " ms");
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
