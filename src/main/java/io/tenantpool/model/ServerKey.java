package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Upstream;

/** The servers of an upstream that have one role: each of them has the connections that its contract names. */
public record ServerKey(String upstream, Upstream.Role target) implements Comparable<ServerKey> {
    @Override
    public int compareTo(ServerKey other) {
        var byName = upstream.compareTo(other.upstream);
        return byName != 0 ? byName : target.compareTo(other.target);
    }
}
