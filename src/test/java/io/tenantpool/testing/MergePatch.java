package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON merge patch, RFC 7396: null removes, objects merge, everything else replaces. */
final class MergePatch {
    private MergePatch() {}

    static void apply(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value instanceof ObjectNode object) {
                ObjectNode child = target.get(entry.getKey()) instanceof ObjectNode existing
                        ? existing
                        : target.putObject(entry.getKey());
                apply(child, object);
            } else {
                target.set(entry.getKey(), value.deepCopy());
            }
        }
    }
}
