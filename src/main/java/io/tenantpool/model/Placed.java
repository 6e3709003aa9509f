package io.tenantpool.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A tenant as one pooler serves it: everything that its lines are rendered from. */
public record Placed(
        TenantId id,
        String poolName,
        String database,
        UpstreamModel upstream,
        List<Role> roles,
        PoolGrant grant,
        DoorLimits limits,
        Standing standing) {

    /** Connections of one role, leaving one for each of the others, so that no role of a tenant can starve another. */
    public int connectionsPerRole() {
        return Math.max(1, grant.perPod() - (roles.size() - 1));
    }

    /** With the newest passwords: it may share a role with a tenant that brought one up to date. */
    Placed refreshed(Map<String, Role> freshRoles) {
        var fresh = roles.stream()
                .map(role -> freshRoles.getOrDefault(role.name(), role))
                .toList();
        return fresh.equals(roles) ? this : withRoles(fresh);
    }

    public Placed withRoles(List<Role> newRoles) {
        return new Placed(id, poolName, database, upstream, newRoles, grant, limits, standing);
    }

    public Placed withGrant(PoolGrant newGrant) {
        return new Placed(id, poolName, database, upstream, roles, newGrant, limits, standing);
    }

    public Placed withStanding(Standing newStanding) {
        return new Placed(id, poolName, database, upstream, roles, grant, limits, newStanding);
    }

    /** About as many bytes as the tenant takes in a pooler's files and, compressed, in the index; rather more than fewer. */
    public int bytes() {
        var index = 120 + (id.namespace().length() + id.name().length() + poolName.length()) / 2;
        var bytes = index + 140 + poolName.length() + upstream.host().length() + database.length();
        for (var role : roles) {
            var password = role.password().value().getBytes(StandardCharsets.UTF_8);
            for (var b : password) {
                bytes += b == '"' ? 2 : 1;
            }
            bytes += 80
                    + poolName.length()
                    + 3 * role.name().length()
                    + role.source().length() / 2;
        }
        return bytes;
    }
}
