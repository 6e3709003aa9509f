package io.tenantpool.cluster;

import java.util.List;
import java.util.Locale;

/** Measured times in milliseconds. */
record Latencies(List<Long> millis) {
    Latencies {
        millis = millis.stream().sorted().toList();
    }

    /** The smallest time that so many percent of all do not exceed. */
    long percentile(int percent) {
        int rank = Math.max(1, (int) Math.ceil(millis.size() * percent / 100.0));
        return millis.get(rank - 1);
    }

    void addTo(BenchmarkReport report, String name) {
        report.row(
                name,
                Integer.toString(millis.size()),
                seconds(percentile(50)),
                seconds(percentile(90)),
                seconds(percentile(99)),
                seconds(percentile(100)));
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }
}
