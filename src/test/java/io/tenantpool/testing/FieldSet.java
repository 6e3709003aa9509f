package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that one manager has applied, in the shape of {@code managedFields[].fieldsV1}. Lists are atomic, except
 * for the few that several managers share in practice.
 */
final class FieldSet {
    static final String FIELD = "f:";
    static final String ITEM = "k:";
    static final String VALUE = "v:";
    static final String SELF = ".";

    /** Lists whose items are told apart by a key, as the real API server's schemas say. */
    private static final Map<String, String> LIST_MAPS = Map.of("conditions", "type", "ownerReferences", "uid");

    private static final Set<String> LIST_SETS = Set.of("finalizers");

    private static final Set<String> NOT_OWNABLE =
            Set.of("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields");

    private FieldSet() {}

    /** The fields of an applied object; only those below {@code status} for that subresource, or all others. */
    static ObjectNode of(ObjectNode applied, boolean status) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : applied.properties()) {
            String name = entry.getKey();
            boolean identity = "apiVersion".equals(name) || "kind".equals(name);
            if (identity || "status".equals(name) != status) {
                continue;
            }
            fields.set(FIELD + name, fieldsOf(name, entry.getValue()));
        }
        if (fields.get(FIELD + "metadata") instanceof ObjectNode metadata) {
            NOT_OWNABLE.forEach(name -> metadata.remove(FIELD + name));
            if (metadata.isEmpty()) {
                fields.remove(FIELD + "metadata");
            }
        }
        return fields;
    }

    /** The name of the field that tells the items of this list apart, or null. */
    static @Nullable String itemKey(String list) {
        return LIST_MAPS.get(list);
    }

    /** Whether the list is a set of strings. */
    static boolean isSet(String list) {
        return LIST_SETS.contains(list);
    }

    /** The key of one item of a list map, as it stands in a field set. */
    static String itemPath(String key, JsonNode item) {
        return ITEM + JsonNodeFactory.instance.objectNode().set(key, item.get(key));
    }

    private static ObjectNode fieldsOf(String name, JsonNode value) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                fields.set(FIELD + entry.getKey(), fieldsOf(entry.getKey(), entry.getValue()));
            }
        } else if (value.isArray() && !value.isEmpty()) {
            String key = itemKey(name);
            for (Iterator<JsonNode> items = value.elements(); items.hasNext(); ) {
                JsonNode item = items.next();
                if (key != null) {
                    ObjectNode own = fieldsOf("", item);
                    own.putObject(SELF);
                    fields.set(itemPath(key, item), own);
                } else if (isSet(name)) {
                    fields.putObject(VALUE + item);
                }
            }
        }
        return fields;
    }
}
