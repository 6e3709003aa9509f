package io.tenantpool.model;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What one pooler shall serve.
 *
 * @param tenants sorted by pool name; also those that are drained or suspended
 * @param tombstones roles that were removed, each with a random password: PgBouncer forgets a role only at its restart
 * @param limitedRoles roles that had limits of their own before: these outlive their line, so that it is never dropped
 * @param peers addresses of the pods by their peer id: a request to cancel a query finds its pod
 * @param braked whether idle server connections are let go quickly
 * @param forgetting of its removed roles
 * @param serverTls how its servers are reached
 * @param tls how clients and the operator are met
 */
public record PoolerContent(
        PoolerId id,
        ListenerModel listener,
        List<Placed> tenants,
        SortedMap<String, Secret> tombstones,
        SortedSet<String> limitedRoles,
        SortedMap<Integer, String> peers,
        boolean braked,
        Forgetting forgetting,
        ServerTls serverTls,
        PoolerKeys keys,
        PoolerTls tls) {

    /** Without TLS. */
    public PoolerContent(
            PoolerId id,
            ListenerModel listener,
            List<Placed> tenants,
            SortedMap<String, Secret> tombstones,
            SortedSet<String> limitedRoles,
            SortedMap<Integer, String> peers,
            boolean braked,
            Forgetting forgetting,
            ServerTls serverTls,
            PoolerKeys keys) {
        this(
                id,
                listener,
                tenants,
                tombstones,
                limitedRoles,
                peers,
                braked,
                forgetting,
                serverTls,
                keys,
                PoolerTls.PLAIN);
    }

    public PoolerContent withTls(PoolerTls other) {
        return new PoolerContent(
                id, listener, tenants, tombstones, limitedRoles, peers, braked, forgetting, serverTls, keys, other);
    }
}
