package io.tenantpool.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PoolerCluster with its defaults filled in. */
public record ClusterModel(
        String namespace, String name, List<ListenerModel> listeners, Map<String, UpstreamModel> upstreams) {

    public Optional<ListenerModel> listener(String listener) {
        return listeners.stream().filter(l -> l.name().equals(listener)).findFirst();
    }

    /** The cells; there is one for now. */
    public List<String> cells() {
        return List.of(PoolerId.FIRST_CELL);
    }

    public PoolerId pooler(String cell, String listener) {
        return new PoolerId(namespace, name, cell, listener);
    }
}
