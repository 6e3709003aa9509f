package io.tenantpool.model;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to be said of the servers that poolers verify.
 *
 * @param tls what is in use
 * @param untrusted upstreams that nobody new is let in to
 * @param troubles by upstream: why its CA cannot be used, with the field and the remedy
 * @param refused by upstream: why a server that shows itself is not believed
 * @param unchecked upstreams whose servers could not be asked whether they know a changed password
 */
public record TrustReport(
        ServerTls tls,
        Set<String> untrusted,
        SortedMap<String, String> troubles,
        SortedMap<String, String> refused,
        SortedSet<String> unchecked) {
    /** Servers that nobody verifies. */
    public static final TrustReport NONE =
            new TrustReport(ServerTls.PLAIN, Set.of(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());

    /** The same, with what came of passwords that changed. */
    public TrustReport withUnchecked(SortedSet<String> upstreams) {
        return new TrustReport(tls, untrusted, troubles, refused, upstreams);
    }
}
