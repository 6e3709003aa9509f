package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A place below {@code spec} that holds a text.
 *
 * @param path names of fields, {@code 0} for the first of a list, {@link #ANY} for the first of a map
 * @param key whether the text is the key of a map
 */
public record StringField(List<String> path, boolean key) {
    private static final String ANY = "*";
    private static final String FIRST = "0";

    /**
     * Every text that a schema knows, so that a new field is found by itself; below a field of any content, those that the
     * example has.
     */
    public static List<StringField> of(JSONSchemaProps schema, JsonNode example) {
        var fields = new ArrayList<StringField>();
        collect(schema, Optional.of(example), List.of(), fields);
        return fields;
    }

    private static void collect(
            JSONSchemaProps schema, Optional<JsonNode> example, List<String> path, List<StringField> fields) {
        if ("string".equals(schema.getType()) || Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            fields.add(new StringField(path, false));
        } else if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
            example.ifPresent(any -> collect(any, path, fields));
        } else if (schema.getItems() != null) {
            collect(schema.getItems().getSchema(), step(example, FIRST), with(path, FIRST), fields);
        } else if (schema.getAdditionalProperties() != null) {
            fields.add(new StringField(with(path, ANY), true));
            collect(schema.getAdditionalProperties().getSchema(), step(example, ANY), with(path, ANY), fields);
        } else if (schema.getProperties() != null) {
            schema.getProperties()
                    .forEach((name, field) -> collect(field, step(example, name), with(path, name), fields));
        }
    }

    private static void collect(JsonNode any, List<String> path, List<StringField> fields) {
        if (any.isTextual()) {
            fields.add(new StringField(path, false));
        } else if (any.isArray()) {
            collect(any.get(0), with(path, FIRST), fields);
        } else if (any.isObject()) {
            any.fields().forEachRemaining(field -> collect(field.getValue(), with(path, field.getKey()), fields));
        }
    }

    private static List<String> with(List<String> path, String step) {
        var longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    private static Optional<JsonNode> step(Optional<JsonNode> node, String name) {
        return node.map(parent -> switch (name) {
            case FIRST -> parent.get(0);
            case ANY -> parent.elements().hasNext() ? parent.elements().next() : null;
            default -> parent.get(name);
        });
    }

    /** What stands there, if the object goes as far; in a list, what the first entry has that goes as far. */
    public Optional<JsonNode> in(JsonNode spec) {
        return in(Optional.of(spec), path);
    }

    private static Optional<JsonNode> in(Optional<JsonNode> node, List<String> rest) {
        if (rest.isEmpty() || node.isEmpty()) {
            return node;
        }
        var further = rest.subList(1, rest.size());
        return FIRST.equals(rest.get(0))
                ? StreamSupport.stream(node.get().spliterator(), false)
                        .flatMap(entry -> in(Optional.of(entry), further).stream())
                        .findFirst()
                : in(step(node, rest.get(0)), further);
    }

    /** A copy of an object that has this field, with another text. */
    public ObjectNode replaced(ObjectNode spec, String text) {
        var copy = spec.deepCopy();
        var parent = new StringField(path.subList(0, path.size() - 1), false)
                .in(copy)
                .orElseThrow();
        var last = path.get(path.size() - 1);
        if (parent instanceof ArrayNode list) {
            list.set(0, list.textNode(text));
        } else if (parent instanceof ObjectNode map) {
            var name = last.equals(ANY) ? map.fieldNames().next() : last;
            if (key) {
                map.set(text, map.remove(name));
            } else {
                map.put(name, text);
            }
        }
        return copy;
    }

    @Override
    public String toString() {
        return "spec." + String.join(".", path) + (key ? " (key)" : "");
    }
}
