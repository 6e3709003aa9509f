package io.tenantpool.model;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be said of the servers that poolers verify.
 *
 * @param tls what is in use
 * @param untrusted upstreams that nobody new is let in to
 * @param troubles by upstream: why its CA cannot be used, with the field and the remedy
 * @param refused by upstream: why a server that shows itself is not believed
 */
public record TrustReport(
        ServerTls tls, Set<String> untrusted, SortedMap<String, String> troubles, SortedMap<String, String> refused) {
    /** Servers that nobody verifies. */
    public static final TrustReport NONE = new TrustReport(ServerTls.PLAIN, Set.of(), new TreeMap<>(), new TreeMap<>());
}
