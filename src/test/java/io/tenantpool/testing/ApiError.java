package io.tenantpool.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal of the API server double, in the words of a real one. */
final class ApiError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    ApiError(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static ApiError notFound(String path) {
        return new ApiError(404, "NotFound", path + " not found");
    }

    static ApiError alreadyExists(ObjectNode object) {
        return new ApiError(409, "AlreadyExists", named(object) + " already exists");
    }

    static ApiError conflict(ObjectNode object) {
        return new ApiError(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + named(object) + ": the object has been modified;"
                        + " please apply your changes to the latest version and try again");
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", getMessage())
                .put("reason", reason)
                .put("code", code);
    }

    private static String named(ObjectNode object) {
        return object.path("kind").asText() + " \""
                + object.path("metadata").path("name").asText() + "\"";
    }
}
