package io.tenantpool.testing;

import io.tenantpool.testing.OperatorRights.Right;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What an operator asked of the API server since it was started, by its own count. */
public record ApiRequestLog(Map<Right, Map<String, Double>> codes) {
    private static final String METRIC = "tenantpool_api_requests_total";
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final String FORBIDDEN = "403";
    private static final String CREATED = "201";

    /** Reads the operator's metrics. */
    public static ApiRequestLog of(String metrics) {
        var codes = new TreeMap<Right, Map<String, Double>>();
        new PrometheusText(metrics).byLabels(METRIC).forEach((text, count) -> {
            var labels = new TreeMap<String, String>();
            LABEL.matcher(text).results().forEach(found -> labels.put(found.group(1), found.group(2)));
            codes.computeIfAbsent(
                            new Right(labels.getOrDefault("verb", ""), labels.getOrDefault("resource", "")),
                            right -> new TreeMap<>())
                    .merge(labels.getOrDefault("code", ""), count, Double::sum);
        });
        return new ApiRequestLog(codes);
    }

    /** Whether there is a request with an answer that the API server gives nobody who may not ask. */
    private static boolean isAllowed(String code) {
        return code.matches("\\d+") && !FORBIDDEN.equals(code) && !"401".equals(code);
    }

    /** The rights that requests with an answer needed; an apply that made something needed two. */
    public Set<Right> used() {
        var used = new TreeSet<Right>();
        codes.forEach((right, answers) -> {
            if (answers.keySet().stream().anyMatch(ApiRequestLog::isAllowed)) {
                used.add(right);
            }
            if ("patch".equals(right.verb()) && answers.containsKey(CREATED)) {
                used.add(new Right("create", right.resource()));
            }
        });
        used.removeIf(right -> "none".equals(right.resource())); // discovery, which everybody may ask for
        return used;
    }

    /** How often what was asked for was forbidden. */
    public Map<Right, Double> forbidden() {
        var forbidden = new TreeMap<Right, Double>();
        codes.forEach((right, answers) -> {
            if (answers.containsKey(FORBIDDEN)) {
                forbidden.put(right, answers.get(FORBIDDEN));
            }
        });
        return forbidden;
    }
}
