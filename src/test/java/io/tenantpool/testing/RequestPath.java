package io.tenantpool.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a request to the API server says.
 *
 * @param collection the path of the collection that the object is or will be in
 * @param namespace null for cluster-scoped objects
 * @param name null for a collection
 * @param subresource null for the object itself
 * @param query the part after the question mark, may be empty
 */
record RequestPath(
        String collection,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String subresource,
        String query) {

    static RequestPath of(String uri) {
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        List<String> parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
        int resource = "api".equals(parts.get(0)) ? 2 : 3;
        String namespace = null;
        // .../namespaces/<name>/<plural> is inside a namespace; .../namespaces/<name> is the namespace itself.
        boolean namespaced = parts.size() > resource + 2
                && "namespaces".equals(parts.get(resource))
                && !"status".equals(parts.get(resource + 2))
                && !"finalize".equals(parts.get(resource + 2));
        if (namespaced) {
            namespace = parts.get(resource + 1);
            resource += 2;
        }
        String collection = "/" + String.join("/", parts.subList(0, Math.min(parts.size(), resource + 1)));
        String name = parts.size() > resource + 1 ? parts.get(resource + 1) : null;
        String subresource = parts.size() > resource + 2 ? parts.get(resource + 2) : null;
        return new RequestPath(collection, namespace, name, subresource, mark < 0 ? "" : uri.substring(mark + 1));
    }

    /** The path of the object, or of the collection, without subresource and query. */
    String object() {
        return name == null ? collection : collection + "/" + name;
    }

    boolean isStatus() {
        return "status".equals(subresource);
    }

    boolean isEviction() {
        return "eviction".equals(subresource) && collection.endsWith("/pods");
    }

    @Nullable
    String parameter(String key) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(key + "=")) {
                return URLDecoder.decode(pair.substring(key.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
