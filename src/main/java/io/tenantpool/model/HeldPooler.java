package io.tenantpool.model;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a pooler serves already, read back from its Secret.
 *
 * @param roles every role of its user list, tombstones among them; the console's own users are not
 * @param limitedRoles those that have or had limits of their own: their lines are never dropped
 * @param peers addresses of the pods by their peer id
 * @param braked whether idle server connections are let go quickly
 * @param forgetting of its removed roles
 * @param serverTls how its servers are reached
 */
public record HeldPooler(
        PoolerId id,
        List<Placed> tenants,
        SortedSet<String> roles,
        SortedSet<String> limitedRoles,
        SortedMap<Integer, String> peers,
        boolean braked,
        Forgetting forgetting,
        ServerTls serverTls) {

    /** What a pooler serves once {@code content} is written: what is rendered reads back to the same. */
    public static HeldPooler of(PoolerContent content) {
        var roles = new TreeSet<>(content.tombstones().keySet());
        content.tenants().forEach(tenant -> tenant.roles().forEach(role -> roles.add(role.name())));
        return new HeldPooler(
                content.id(),
                content.tenants(),
                roles,
                content.limitedRoles(),
                content.peers(),
                content.braked(),
                content.forgetting(),
                content.serverTls());
    }

    /** Roles that no tenant has any more. */
    public SortedSet<String> removedRoles() {
        var removed = new TreeSet<>(roles);
        tenants.forEach(tenant -> tenant.roles().forEach(role -> removed.remove(role.name())));
        return removed;
    }
}
