package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a real API server makes of an apply patch: the applied fields win, fields that this manager no longer applies
 * and nobody else owns go away, and {@code managedFields} remember who applied what.
 */
final class ServerSideApply {
    private final String manager;
    private final boolean status;

    ServerSideApply(String manager, boolean status) {
        this.manager = manager;
        this.status = status;
    }

    /** The object after the patch; equal to the current one when there is nothing to change. */
    ObjectNode apply(@Nullable ObjectNode current, ObjectNode applied) {
        ObjectNode patch = relevant(applied);
        ObjectNode fields = FieldSet.of(patch, status);
        ObjectNode next = current == null ? JsonNodeFactory.instance.objectNode() : current.deepCopy();
        ArrayNode entries = managedFields(next);
        ObjectNode before = ownFields(entries);
        List<JsonNode> others = otherFields(entries);
        if (before != null) {
            prune(next, before, fields, others);
        }
        merge(next, patch);
        if (!fields.equals(before)) {
            remember(entries, fields, applied.path("apiVersion").asText());
        }
        next.withObject("metadata").set("managedFields", entries);
        return next;
    }

    private ObjectNode relevant(ObjectNode applied) {
        ObjectNode patch = withoutNulls(applied);
        if (status) {
            JsonNode wanted = patch.get("status");
            patch = JsonNodeFactory.instance.objectNode();
            if (wanted != null) {
                patch.set("status", wanted);
            }
        } else {
            patch.remove("status");
            if (patch.get("metadata") instanceof ObjectNode metadata) {
                metadata.remove(List.of("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp"));
            }
        }
        return patch;
    }

    private static ObjectNode withoutNulls(ObjectNode node) {
        ObjectNode copy = node.deepCopy();
        removeNulls(copy);
        return copy;
    }

    private static void removeNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> nulls = new ArrayList<>();
            object.properties().forEach(entry -> {
                if (entry.getValue().isNull()) {
                    nulls.add(entry.getKey());
                }
            });
            object.remove(nulls);
        }
        node.elements().forEachRemaining(ServerSideApply::removeNulls);
    }

    private static ArrayNode managedFields(ObjectNode object) {
        JsonNode entries = object.path("metadata").path("managedFields");
        return entries.isArray() ? ((ArrayNode) entries).deepCopy() : JsonNodeFactory.instance.arrayNode();
    }

    private boolean isOwn(JsonNode entry) {
        return manager.equals(entry.path("manager").asText())
                && "Apply".equals(entry.path("operation").asText())
                && status == "status".equals(entry.path("subresource").asText());
    }

    private @Nullable ObjectNode ownFields(ArrayNode entries) {
        for (JsonNode entry : entries) {
            if (isOwn(entry) && entry.get("fieldsV1") instanceof ObjectNode fields) {
                return fields;
            }
        }
        return null;
    }

    private List<JsonNode> otherFields(ArrayNode entries) {
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (!isOwn(entry)) {
                others.add(entry.path("fieldsV1"));
            }
        }
        return others;
    }

    private void remember(ArrayNode entries, ObjectNode fields, String apiVersion) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (isOwn(entries.get(i))) {
                entries.remove(i);
            }
        }
        ObjectNode entry = entries.addObject()
                .put("manager", manager)
                .put("operation", "Apply")
                .put("apiVersion", apiVersion)
                .put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("fieldsType", "FieldsV1");
        entry.set("fieldsV1", fields);
        if (status) {
            entry.put("subresource", "status");
        }
    }

    private static void prune(ObjectNode object, JsonNode before, JsonNode now, List<JsonNode> others) {
        for (Map.Entry<String, JsonNode> entry : before.properties()) {
            String path = entry.getKey();
            if (!path.startsWith(FieldSet.FIELD)) {
                continue;
            }
            String name = path.substring(FieldSet.FIELD.length());
            JsonNode value = object.get(name);
            List<JsonNode> owners = below(others, path);
            if (value == null) {
                continue;
            }
            if (!now.has(path) && owners.isEmpty()) {
                object.remove(name);
            } else if (value instanceof ObjectNode child) {
                // An atomic value that is applied as such again is replaced by the merge.
                prune(child, entry.getValue(), now.path(path), owners);
            } else if (value instanceof ArrayNode list) {
                pruneList(name, list, entry.getValue(), now.path(path), owners);
            }
        }
    }

    private static void pruneList(String name, ArrayNode list, JsonNode before, JsonNode now, List<JsonNode> others) {
        String key = FieldSet.itemKey(name);
        for (int i = list.size() - 1; i >= 0; i--) {
            JsonNode item = list.get(i);
            String path = key != null ? FieldSet.itemPath(key, item) : FieldSet.VALUE + item;
            if (!before.has(path)) {
                continue;
            }
            List<JsonNode> owners = below(others, path);
            if (!now.has(path) && owners.isEmpty()) {
                list.remove(i);
            } else if (item instanceof ObjectNode child) {
                prune(child, before.path(path), now.path(path), owners);
            }
        }
    }

    private static List<JsonNode> below(List<JsonNode> sets, String path) {
        return sets.stream()
                .filter(set -> set.has(path))
                .map(set -> set.get(path))
                .toList();
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            JsonNode wanted = entry.getValue();
            JsonNode actual = target.get(name);
            if (wanted instanceof ObjectNode object && actual instanceof ObjectNode existing) {
                merge(existing, object);
            } else if (wanted instanceof ArrayNode list && actual instanceof ArrayNode existing) {
                target.set(name, mergedList(name, existing, list));
            } else {
                target.set(name, wanted.deepCopy());
            }
        }
    }

    private static ArrayNode mergedList(String name, ArrayNode actual, ArrayNode wanted) {
        String key = FieldSet.itemKey(name);
        if (key == null && !FieldSet.isSet(name)) {
            return wanted.deepCopy();
        }
        ArrayNode merged = actual.deepCopy();
        for (JsonNode item : wanted) {
            int at = indexOf(merged, key, item);
            if (at < 0) {
                merged.add(item.deepCopy());
            } else if (merged.get(at) instanceof ObjectNode existing && item instanceof ObjectNode object) {
                merge(existing, object);
            }
        }
        return merged;
    }

    private static int indexOf(ArrayNode list, @Nullable String key, JsonNode item) {
        for (int i = 0; i < list.size(); i++) {
            boolean same = key == null
                    ? list.get(i).equals(item)
                    : list.get(i).path(key).equals(item.path(key));
            if (same) {
                return i;
            }
        }
        return -1;
    }
}
