package io.tenantpool.model;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a pooler serves already, read back from its Secret.
 *
 * @param roles every role of its user list, tombstones among them; the console's own users are not
 * @param limitedRoles those that have or had limits of their own: their lines are never dropped
 * @param peers addresses of the pods by their peer id
 * @param braked whether idle server connections are let go quickly
 */
public record HeldPooler(
        PoolerId id,
        List<Placed> tenants,
        SortedSet<String> roles,
        SortedSet<String> limitedRoles,
        SortedMap<Integer, String> peers,
        boolean braked) {}
