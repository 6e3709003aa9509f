package io.tenantpool.testing;

import io.tenantpool.testing.OperatorRights.Right;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Requests of the operators of a test run that were forbidden and should not have been. The API server also forbids to
 * write into a namespace that is being deleted, and takes the roles in it away early; every test class ends with that, so
 * a write that is granted elsewhere is no news, nor is the look for an object that comes before it. RightsClusterIT,
 * where no namespace ends, forgives nothing.
 */
final class ForbiddenRequests {
    private static final Set<String> OF_A_WRITE = Set.of("get", "create", "patch", "delete");

    private final Set<Right> granted = OperatorRights.granted();
    private final Map<Long, Map<Right, Double>> before = new HashMap<>();
    private final Set<String> unexpected = new TreeSet<>();

    /** Reads what this operator counted since it was read last. */
    void read(OperatorProcess operator) {
        var now = ApiRequestLog.of(operator.metrics()).forbidden();
        var earlier = before.put(operator.handle().pid(), now);
        now.forEach((right, count) -> {
            var isNew = count > (earlier == null ? 0 : earlier.getOrDefault(right, 0.0));
            if (isNew && !(OF_A_WRITE.contains(right.verb()) && granted.contains(right))) {
                unexpected.add(right.toString());
            }
        });
    }

    /** Fails if there was one since the last time. */
    void failIfAny() {
        if (!unexpected.isEmpty()) {
            var words = "the API server forbade the operator to " + String.join(", ", unexpected);
            unexpected.clear();
            throw new AssertionError(words);
        }
    }
}
