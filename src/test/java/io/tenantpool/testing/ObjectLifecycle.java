package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the API server itself writes into metadata, from the creation of an object to its end. */
final class ObjectLifecycle {
    /** Built-in kinds whose status is a subresource: a write of the object leaves it alone. */
    static final Set<String> BUILT_IN_WITH_STATUS = Set.of(
            "Pod",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "Service",
            "Namespace",
            "PodDisruptionBudget",
            "HorizontalPodAutoscaler");

    private static final List<String> IDENTITY =
            List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    void initialise(ObjectNode object, RequestPath path, long version) throws ApiError {
        ObjectNode metadata = object.withObject("metadata");
        if (path.name() != null) {
            metadata.put("name", path.name());
        }
        if (metadata.path("name").asText("").isEmpty()) {
            String prefix = metadata.path("generateName").asText("");
            if (prefix.isEmpty()) {
                throw new ApiError(422, "Invalid", "metadata.name: name or generateName is required");
            }
            metadata.put("name", prefix + UUID.randomUUID().toString().substring(0, 5));
        }
        if (path.namespace() != null) {
            String given = metadata.path("namespace").asText("");
            if (!given.isEmpty() && !given.equals(path.namespace())) {
                throw new ApiError(
                        400, "BadRequest", "the namespace of the object does not match the namespace on the request");
            }
            metadata.put("namespace", path.namespace());
        }
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", now(0));
        metadata.put("resourceVersion", Long.toString(version));
        metadata.put("generation", 1L);
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds"));
    }

    /** A Secret's {@code stringData} is a convenience of writing: what is stored is {@code data}. */
    void encodeStringData(ObjectNode object) {
        if (!"Secret".equals(object.path("kind").asText()) || !object.has("stringData")) {
            return;
        }
        ObjectNode data = object.withObject("data");
        for (Map.Entry<String, JsonNode> entry : object.path("stringData").properties()) {
            byte[] text = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
            data.put(entry.getKey(), Base64.getEncoder().encodeToString(text));
        }
        object.remove("stringData");
    }

    /** Undoes what no client may change. */
    void preserveIdentity(ObjectNode current, ObjectNode next) {
        ObjectNode metadata = next.withObject("metadata");
        JsonNode before = current.path("metadata");
        for (String field : IDENTITY) {
            if (before.has(field)) {
                metadata.set(field, before.get(field));
            } else {
                metadata.remove(field);
            }
        }
        metadata.set("resourceVersion", before.get("resourceVersion"));
        metadata.set("generation", before.get("generation"));
        if (!metadata.has("managedFields") && before.has("managedFields")) {
            // A client that leaves them out does not mean to drop the record of who owns what.
            metadata.set("managedFields", before.get("managedFields"));
        }
    }

    /** Gives a changed object its new version, and a new generation if more than metadata and status changed. */
    void touch(ObjectNode current, ObjectNode next, long version) {
        ObjectNode metadata = next.withObject("metadata");
        metadata.put("resourceVersion", Long.toString(version));
        boolean nowDeleted =
                metadata.has("deletionTimestamp") && !current.path("metadata").has("deletionTimestamp");
        if (nowDeleted || !content(current).equals(content(next))) {
            metadata.put(
                    "generation", current.path("metadata").path("generation").asLong() + 1);
        }
    }

    private static ObjectNode content(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove(List.of("metadata", "status"));
        return copy;
    }

    /** Only pods that were bound to a node end gracefully: their node removes them. */
    long gracePeriod(ObjectNode object, @Nullable ObjectNode options, @Nullable String parameter) {
        if (!"Pod".equals(object.path("kind").asText())
                || object.path("spec").path("nodeName").asText("").isEmpty()) {
            return 0;
        }
        if (parameter != null) {
            return Long.parseLong(parameter);
        }
        if (options != null && options.path("gracePeriodSeconds").isNumber()) {
            return options.path("gracePeriodSeconds").asLong();
        }
        return object.path("spec").path("terminationGracePeriodSeconds").asLong(30);
    }

    void demandPreconditions(ObjectNode object, @Nullable ObjectNode options) throws ApiError {
        if (options == null) {
            return;
        }
        JsonNode metadata = object.path("metadata");
        for (String field : List.of("uid", "resourceVersion")) {
            JsonNode wanted = options.path("preconditions").path(field);
            if (wanted.isTextual()
                    && !Objects.equals(wanted.asText(), metadata.path(field).asText())) {
                throw ApiError.conflict(object);
            }
        }
    }

    /** Refuses a write that is based on an older version than the current one. */
    void demandVersion(ObjectNode current, ObjectNode wanted) throws ApiError {
        String based = wanted.path("metadata").path("resourceVersion").asText("");
        if (!based.isEmpty()
                && !based.equals(
                        current.path("metadata").path("resourceVersion").asText())) {
            throw ApiError.conflict(current);
        }
    }

    /** Marks the object as deleted; whether that changed anything. */
    boolean markDeleted(ObjectNode object, long grace) {
        ObjectNode metadata = object.withObject("metadata");
        JsonNode before = metadata.get("deletionGracePeriodSeconds");
        if (before != null && before.asLong() <= grace) {
            return false;
        }
        metadata.put("deletionTimestamp", now(grace));
        metadata.put("deletionGracePeriodSeconds", grace);
        return true;
    }

    /** Whether nothing keeps a deleted object any longer. */
    boolean isFinished(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0;
    }

    /** Whether the owner that has just gone was the object's only one. */
    boolean isOrphan(ObjectNode object, String ownerUid) {
        JsonNode owners = object.path("metadata").path("ownerReferences");
        return owners.size() == 1 && ownerUid.equals(owners.get(0).path("uid").asText());
    }

    private static String now(long plusSeconds) {
        return Instant.now()
                .plusSeconds(plusSeconds)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
