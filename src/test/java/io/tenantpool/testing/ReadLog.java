package io.tenantpool.testing;

import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.Set;
import java.util.TreeSet;

/** What programs with a token read; tests themselves have none, and their reads are no concern of anybody. */
final class ReadLog {
    private final Set<String> reads = new TreeSet<>();

    synchronized void add(RecordedRequest request) {
        if (request.getHeader("Authorization") != null) {
            var path = RequestPath.of(request.getPath());
            var selector = path.parameter("labelSelector");
            reads.add(path.object() + (selector == null ? "" : "?" + selector));
        }
    }

    synchronized Set<String> reads() {
        return Set.copyOf(reads);
    }
}
