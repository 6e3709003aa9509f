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

    /** About as many bytes as the tenant takes in a pooler's files and, compressed, in the index; rather more than fewer. */
    public int size() {
        var index = 100 + (id.namespace().length() + id.name().length() + poolName.length()) / 2;
        var size = index + 80 + poolName.length() + upstream.host().length() + database.length();
        for (var role : roles) {
            var password = role.password().value();
            var quotes = (int) password.chars().filter(c -> c == '"').count();
            size += 40
                    + poolName.length()
                    + 2 * role.name().length()
                    + role.source().length() / 2;
            size += password.getBytes(StandardCharsets.UTF_8).length + quotes;
        }
        return size;
    }
}
