package io.tenantpool.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as one pooler serves it: everything that its lines are rendered from.
 *
 * @param share server connections per pod
 */
public record Placed(
        TenantId id,
        String poolName,
        String database,
        UpstreamModel upstream,
        List<Role> roles,
        int share,
        @Nullable Integer maxClientConnectionsPerPod) {

    /** Connections of one role, leaving one for each of the others, so that no role of a tenant can starve another. */
    public int poolSize() {
        return Math.max(1, share - (roles.size() - 1));
    }

    public Placed withRoles(List<Role> newRoles) {
        return new Placed(id, poolName, database, upstream, newRoles, share, maxClientConnectionsPerPod);
    }

    /** About as many bytes as the tenant takes in a pooler's files and index; never fewer. */
    public int size() {
        var size = 300
                + 3 * poolName.length()
                + database.length()
                + upstream.host().length();
        for (var role : roles) {
            size += 80
                    + poolName.length()
                    + 3 * role.name().length()
                    + 2 * role.source().length();
            size += 2 * role.password().value().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }
}
