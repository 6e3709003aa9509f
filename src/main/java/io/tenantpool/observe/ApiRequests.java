package io.tenantpool.observe;

import io.fabric8.kubernetes.client.http.AsyncBody.Consumer;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Counts the requests to the API server as its access rules name them, and what it answered. */
public final class ApiRequests implements Interceptor {
    private static final String NO_ANSWER = "none";

    private final Meters meters;

    public ApiRequests(Meters meters) {
        this.meters = meters;
    }

    /** Without a consumer for a watch over a WebSocket. */
    @Override
    public void after(HttpRequest request, HttpResponse<?> response, @Nullable Consumer<List<ByteBuffer>> consumer) {
        count(request, Integer.toString(response.code()));
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        count(request, NO_ANSWER);
    }

    private void count(HttpRequest request, String code) {
        var asked = Asked.of(request.method(), request.uri());
        meters.apiRequest(asked.verb(), asked.resource(), code);
    }

    /**
     * What a request asks for.
     *
     * @param verb as in a Role: get, list, watch, create, update, patch, delete or deletecollection
     * @param resource {@code resource[.group][/subresource]}, such as {@code tenants.tenantpool.io/status};
     *     {@code none} for paths without one, such as {@code /version}
     */
    record Asked(String verb, String resource) {
        private static final String NONE = "none";

        static Asked of(String method, URI uri) {
            var path = Arrays.stream(uri.getPath().split("/"))
                    .filter(segment -> !segment.isEmpty())
                    .toList();
            // Before it stands what a proxy wants, such as /k8s/clusters/one.
            var start = firstOf(path, "api", "apis");
            var grouped = start >= 0 && "apis".equals(path.get(start));
            var skipped = grouped ? 3 : 2; // apis, group and version, or api and version
            if (start < 0 || path.size() <= start + skipped) {
                return new Asked(method.toLowerCase(Locale.ROOT), NONE);
            }
            var group = grouped ? "." + path.get(start + 1) : "";
            var rest = path.subList(start + skipped, path.size());
            if (rest.size() > 2 && "namespaces".equals(rest.get(0))) {
                rest = rest.subList(2, rest.size());
            }
            var subresource = rest.size() > 2 ? "/" + rest.get(2) : "";
            return new Asked(verb(method, uri.getRawQuery(), rest.size() > 1), rest.get(0) + group + subresource);
        }

        private static int firstOf(List<String> path, String one, String other) {
            for (var i = 0; i < path.size(); i++) {
                if (one.equals(path.get(i)) || other.equals(path.get(i))) {
                    return i;
                }
            }
            return -1;
        }

        private static String verb(String method, @Nullable String query, boolean named) {
            return switch (method) {
                case "GET" -> isWatch(query) ? "watch" : named ? "get" : "list";
                case "POST" -> "create";
                case "PUT" -> "update";
                case "DELETE" -> named ? "delete" : "deletecollection";
                default -> method.toLowerCase(Locale.ROOT);
            };
        }

        private static boolean isWatch(@Nullable String query) {
            return query != null && Arrays.asList(query.split("&")).contains("watch=true");
        }
    }
}
