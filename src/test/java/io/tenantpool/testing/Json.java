package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;

/** Objects of Kubernetes as text, as trees and as types. */
final class Json {
    static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** Reads JSON or YAML; null and everything that is no object become an empty one. */
    static ObjectNode object(String text) {
        Map<?, ?> map = text.isBlank() ? Map.of() : KUBERNETES.unmarshal(text, Map.class);
        return MAPPER.valueToTree(map == null ? Map.of() : map);
    }

    /** Reads a JSON value of any kind. */
    static JsonNode value(String text) {
        return KUBERNETES.unmarshal(text, JsonNode.class);
    }

    /** The tree as this type. */
    static <T> T as(JsonNode tree, Class<T> type) {
        return KUBERNETES.unmarshal(tree.toString(), type);
    }

    /** The value as a tree. */
    static ObjectNode tree(Object value) {
        return KUBERNETES.convertValue(value, ObjectNode.class);
    }
}
