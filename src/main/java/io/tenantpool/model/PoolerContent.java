package io.tenantpool.model;

import java.util.List;
import java.util.SortedMap;

/**
 * What one pooler shall serve.
 *
 * @param tenants sorted by pool name
 * @param tombstones roles that were removed, each with a random password: PgBouncer forgets a role only at its restart
 */
public record PoolerContent(
        PoolerId id,
        ListenerModel listener,
        List<Placed> tenants,
        SortedMap<String, Secret> tombstones,
        PoolerKeys keys) {}
