package io.tenantpool.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The mock server keeps, lists and watches objects; this class writes them the way a real API server does, where the
 * mock's own way would hide mistakes: server-side apply, writes that change nothing, graceful deletion of pods,
 * optimistic concurrency and garbage collection.
 */
final class ApiServerDispatcher extends KubernetesCrudDispatcher {
    private static final String CRD_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private final ObjectLifecycle lifecycle = new ObjectLifecycle();
    private final SchemaDefaults defaults = new SchemaDefaults();
    private final List<String> writes = new ArrayList<>();
    private final ReadLog reads = new ReadLog();
    private final List<Consumer<ObjectNode>> admissions = new ArrayList<>();
    private long changes;
    private volatile Runnable onChange = () -> {};

    void onChange(Runnable listener) {
        Runnable before = onChange;
        onChange = () -> {
            before.run();
            listener.run();
        };
    }

    synchronized void admit(Consumer<ObjectNode> admission) {
        admissions.add(admission);
    }

    ReadLog reads() {
        return reads;
    }

    /** Every write so far, as verb, path and answer. */
    synchronized List<String> writes() {
        return List.copyOf(writes);
    }

    /** The objects that a GET of this path would list, as they are stored. */
    synchronized List<String> stored(String path) {
        AttributeSet query = getKey(path);
        return map.entrySet().stream()
                .filter(entry -> entry.getKey().matches(query))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        String method = request.getMethod();
        if ("GET".equals(method)) {
            reads.add(request);
            synchronized (this) {
                return handleGet(request.getPath());
            }
        }
        MockResponse response;
        boolean changed;
        synchronized (this) {
            long before = changes;
            response = write(method, request);
            changed = changes != before;
            writes.add(method + " " + request.getPath() + " " + response.code());
        }
        if (changed) {
            onChange.run();
        }
        return response;
    }

    @Override
    public void processEvent(
            String path,
            AttributeSet pathAttributes,
            @Nullable AttributeSet oldAttributes,
            @Nullable GenericKubernetesResource resource,
            @Nullable String newState) {
        changes++;
        super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
    }

    private MockResponse write(String method, RecordedRequest request) {
        RequestPath path = RequestPath.of(request.getPath());
        String body = Optional.ofNullable(request.getUtf8Body()).orElse("");
        try {
            return switch (method) {
                case "POST" -> post(path, Json.object(body));
                case "PUT" -> put(path, Json.object(body));
                case "PATCH" -> patch(path, String.valueOf(request.getHeader("Content-Type")), body);
                case "DELETE" -> delete(path, body.isBlank() ? null : Json.object(body));
                default -> throw new ApiError(405, "MethodNotAllowed", method + " is not supported");
            };
        } catch (ApiError e) {
            return answer(e.code(), e.status());
        } catch (KubernetesClientException e) {
            return answer(400, new ApiError(400, "BadRequest", "not an object: " + e.getMessage()).status());
        }
    }

    private MockResponse post(RequestPath path, ObjectNode object) throws ApiError {
        if (path.collection().startsWith("/apis/authorization.k8s.io/")) {
            return answer(201, AccessReview.everything(object));
        }
        if (path.isEviction()) {
            delete(path, object.withObject("deleteOptions"));
            return answer(
                    201,
                    JsonNodeFactory.instance.objectNode().put("kind", "Status").put("status", "Success"));
        }
        return answer(201, create(path, object));
    }

    private ObjectNode create(RequestPath path, ObjectNode object) throws ApiError {
        ObjectNode created = object.deepCopy();
        lifecycle.initialise(created, path, requestResourceVersion());
        if (hasStatus(created)) {
            created.remove("status");
        }
        lifecycle.encodeStringData(created);
        defaults.fill(created);
        admissions.forEach(admission -> admission.accept(created));
        String own =
                path.collection() + "/" + created.path("metadata").path("name").asText();
        if (findResource(getKey(own)) != null) {
            throw ApiError.alreadyExists(created);
        }
        if ("CustomResourceDefinition".equals(created.path("kind").asText())) {
            defaults.learn(created);
        }
        processEvent(own, getKey(own), null, typed(created), created.toString());
        return created;
    }

    private MockResponse put(RequestPath path, ObjectNode wanted) throws ApiError {
        Stored stored = find(path);
        lifecycle.demandVersion(stored.object(), wanted);
        return answer(200, replace(path, stored, path.isStatus() ? stored.withStatusOf(wanted) : wanted));
    }

    private MockResponse patch(RequestPath path, String contentType, String body) throws ApiError {
        if (contentType.contains("apply-patch")) {
            return apply(path, Json.object(body));
        }
        Stored stored = find(path);
        JsonNode patch = Json.value(body);
        ObjectNode next = stored.object().deepCopy();
        if (contentType.contains("merge-patch") && patch instanceof ObjectNode object) {
            MergePatch.apply(next, object);
        } else if (contentType.contains("json-patch")) {
            next = (ObjectNode) JsonPatch.apply(patch, next);
        } else {
            throw new ApiError(415, "UnsupportedMediaType", contentType + " is not supported by this double");
        }
        lifecycle.demandVersion(stored.object(), next);
        return answer(200, replace(path, stored, path.isStatus() ? stored.withStatusOf(next) : next));
    }

    private MockResponse apply(RequestPath path, ObjectNode applied) throws ApiError {
        String manager = path.parameter("fieldManager");
        if (manager == null) {
            throw new ApiError(400, "BadRequest", "fieldManager is required for apply patch");
        }
        ServerSideApply ssa = new ServerSideApply(manager, path.isStatus());
        if (!path.isStatus() && findResource(getKey(path.object())) == null) {
            ObjectNode created = ssa.apply(null, applied);
            created.set("apiVersion", applied.get("apiVersion"));
            created.set("kind", applied.get("kind"));
            return answer(201, create(path, created));
        }
        Stored stored = find(path);
        lifecycle.demandVersion(stored.object(), applied);
        return answer(200, replace(path, stored, ssa.apply(stored.object(), applied)));
    }

    private ObjectNode replace(RequestPath path, Stored stored, ObjectNode wanted) {
        ObjectNode current = stored.object();
        ObjectNode next = wanted.deepCopy();
        if (!path.isStatus() && hasStatus(current)) {
            next = new Stored(stored.key(), next).withStatusOf(current);
        }
        lifecycle.preserveIdentity(current, next);
        lifecycle.encodeStringData(next);
        defaults.fill(next);
        if (next.equals(current)) {
            // A write that changes nothing is answered, but nobody is told and the version stays.
            return current;
        }
        lifecycle.touch(current, next, requestResourceVersion());
        if (lifecycle.isFinished(next)) {
            remove(stored.key(), next);
        } else {
            processEvent(path.object(), getKey(path.object()), stored.key(), typed(next), next.toString());
        }
        return next;
    }

    private MockResponse delete(RequestPath path, @Nullable ObjectNode options) throws ApiError {
        List<Stored> victims = new ArrayList<>();
        if (path.name() != null) {
            victims.add(find(path));
        } else {
            AttributeSet query =
                    getKey(path.query().isEmpty() ? path.collection() : path.collection() + "?" + path.query());
            for (Map.Entry<AttributeSet, String> entry : new ArrayList<>(map.entrySet())) {
                if (entry.getKey().matches(query)) {
                    victims.add(new Stored(entry.getKey(), Json.object(entry.getValue())));
                }
            }
        }
        ObjectNode last =
                JsonNodeFactory.instance.objectNode().put("kind", "Status").put("status", "Success");
        for (Stored victim : victims) {
            lifecycle.demandPreconditions(victim.object(), options);
            String parameter = path.parameter("gracePeriodSeconds");
            last = deleteOne(victim, lifecycle.gracePeriod(victim.object(), options, parameter));
        }
        return answer(200, last);
    }

    private ObjectNode deleteOne(Stored victim, long grace) {
        ObjectNode next = victim.object().deepCopy();
        boolean changed = lifecycle.markDeleted(next, grace);
        if (changed) {
            lifecycle.touch(victim.object(), next, requestResourceVersion());
        }
        if (lifecycle.isFinished(next)) {
            remove(victim.key(), next);
        } else if (changed) {
            processEvent("", victim.key(), victim.key(), typed(next), next.toString());
        }
        return next;
    }

    private void remove(AttributeSet key, ObjectNode last) {
        // The last state that watchers see has a version of its own, as on a real server.
        map.put(key, last.toString());
        boolean crd = "CustomResourceDefinition".equals(last.path("kind").asText());
        processEvent(crd ? CRD_PATH : "", key, key, null, null);
        collectDependents(last);
    }

    private void collectDependents(ObjectNode owner) {
        String uid = owner.path("metadata").path("uid").asText();
        JsonNode namespace = owner.path("metadata").path("namespace");
        for (Map.Entry<AttributeSet, String> entry : new ArrayList<>(map.entrySet())) {
            if (!entry.getValue().contains(uid)) {
                continue;
            }
            ObjectNode object = Json.object(entry.getValue());
            if (lifecycle.isOrphan(object, uid)
                    && namespace.equals(object.path("metadata").path("namespace"))) {
                deleteOne(new Stored(entry.getKey(), object), lifecycle.gracePeriod(object, null, null));
            }
        }
    }

    private Stored find(RequestPath path) throws ApiError {
        Map.Entry<AttributeSet, String> entry = findResource(getKey(path.object()));
        if (entry == null) {
            throw ApiError.notFound(path.object());
        }
        return new Stored(entry.getKey(), Json.object(entry.getValue()));
    }

    private boolean hasStatus(ObjectNode object) {
        return defaults.knows(object)
                || ObjectLifecycle.BUILT_IN_WITH_STATUS.contains(
                        object.path("kind").asText());
    }

    private static GenericKubernetesResource typed(ObjectNode object) {
        return Json.as(object, GenericKubernetesResource.class);
    }

    private static MockResponse answer(int code, JsonNode body) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(body.toString());
    }
}
