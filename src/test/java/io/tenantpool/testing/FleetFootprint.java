package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a change may cost, each by the name of the pooler.
 *
 * @param secretWrites how often its Secret was written so far
 * @param reloads how often its pods logged a RELOAD so far
 */
public record FleetFootprint(Map<String, Long> secretWrites, Map<String, Long> reloads) {
    private static final Pattern SECRET_WRITE =
            Pattern.compile("(?:PUT|PATCH) /api/v1/namespaces/" + Fleet.POOLERS + "/secrets/([^ ?]+).* 200");

    static FleetFootprint of(ApiServerDouble api, LocalNode node) {
        Map<String, Long> writes = new TreeMap<>();
        for (String write : api.writes()) {
            Matcher matcher = SECRET_WRITE.matcher(write);
            if (matcher.matches()) {
                writes.merge(matcher.group(1), 1L, Long::sum);
            }
        }
        Map<String, Long> reloads = new TreeMap<>();
        for (Pod pod : node.pods()) {
            String log = node.logOf(pod.getMetadata().getName());
            reloads.merge(
                    pod.getMetadata().getOwnerReferences().get(0).getName(),
                    log.lines()
                            .filter(line -> line.contains("RELOAD command issued"))
                            .count(),
                    Long::sum);
        }
        return new FleetFootprint(writes, reloads);
    }

    /** What came after an earlier footprint; poolers that cost nothing are not in it. */
    public FleetFootprint since(FleetFootprint earlier) {
        return new FleetFootprint(difference(secretWrites, earlier.secretWrites), difference(reloads, earlier.reloads));
    }

    private static Map<String, Long> difference(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> difference = new TreeMap<>(now);
        difference.replaceAll((pooler, count) -> count - before.getOrDefault(pooler, 0L));
        difference.values().removeIf(count -> count == 0);
        return difference;
    }
}
