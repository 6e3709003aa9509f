package io.tenantpool.testing;

import java.util.Map;
import java.util.TreeMap;

/** The text that Prometheus scrapes, as far as tests ask: the sum of a metric over its labels. */
public record PrometheusText(String text) {

    /** The sum over all label sets; 0 when the metric does not exist. */
    public double sum(String metric) {
        return byLabels(metric).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** The sum over the label sets that contain this text, such as {@code verb="POST"}. */
    public double sum(String metric, String labels) {
        return byLabels(metric).entrySet().stream()
                .filter(entry -> entry.getKey().contains(labels))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The value of each label set of a metric. */
    public Map<String, Double> byLabels(String metric) {
        Map<String, Double> values = new TreeMap<>();
        text.lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .forEach(line -> {
                    int end = line.lastIndexOf('}');
                    String labels = end < 0 ? "" : line.substring(metric.length(), end + 1);
                    String value =
                            line.substring(end < 0 ? metric.length() : end + 1).trim();
                    values.merge(labels, Double.valueOf(value.split(" ", 2)[0]), Double::sum);
                });
        return values;
    }
}
