package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The defaults that a CustomResourceDefinition's schema gives to absent fields, filled in as the API server does. */
final class SchemaDefaults {
    private final Map<String, JsonNode> schemas = new ConcurrentHashMap<>();

    /** Learns the schemas of a CustomResourceDefinition. */
    void learn(JsonNode crd) {
        JsonNode spec = crd.path("spec");
        String kind = spec.path("names").path("kind").asText();
        for (JsonNode version : spec.path("versions")) {
            String apiVersion =
                    spec.path("group").asText() + "/" + version.path("name").asText();
            schemas.put(apiVersion + "/" + kind, version.path("schema").path("openAPIV3Schema"));
        }
    }

    /** Whether the kind is that of a known CustomResourceDefinition. */
    boolean knows(ObjectNode object) {
        return schemas.containsKey(key(object));
    }

    /** Fills in what is absent. */
    void fill(ObjectNode object) {
        JsonNode schema = schemas.get(key(object));
        if (schema != null) {
            fill(object, schema);
        }
    }

    private static String key(ObjectNode object) {
        return object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    }

    private static void fill(JsonNode value, JsonNode schema) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property :
                    schema.path("properties").properties()) {
                JsonNode byDefault = property.getValue().get("default");
                if (byDefault != null && !object.has(property.getKey())) {
                    object.set(property.getKey(), byDefault.deepCopy());
                }
                JsonNode child = object.get(property.getKey());
                if (child != null) {
                    fill(child, property.getValue());
                }
            }
        } else if (value.isArray()) {
            value.elements().forEachRemaining(item -> fill(item, schema.path("items")));
        }
    }
}
