package io.tenantpool.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.mockwebserver.crud.AttributeSet;

/** An object of the API server double with the key that it is stored under. */
record Stored(AttributeSet key, ObjectNode object) {
    /** The object as it is, but with the status of that one, or none if it has none. */
    ObjectNode withStatusOf(ObjectNode other) {
        ObjectNode next = object.deepCopy();
        next.remove("status");
        if (other.has("status")) {
            next.set("status", other.get("status").deepCopy());
        }
        return next;
    }
}
