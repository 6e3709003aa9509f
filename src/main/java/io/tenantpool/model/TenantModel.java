package io.tenantpool.model;

import java.util.List;

/**
 * A Tenant whose references resolve; what it asks for, with every default filled in.
 *
 * @param upstream the name of its upstream
 * @param dedicated whether it has pods of its own
 * @param drainTimeoutSeconds how long connected clients may finish when it is suspended, 0..3600
 */
public record TenantModel(
        TenantId id,
        long generation,
        String created,
        String poolName,
        String database,
        UpstreamModel upstream,
        List<Role> roles,
        List<Door> doors,
        boolean dedicated,
        boolean suspended,
        int drainTimeoutSeconds) {
    public TenantModel withRoles(List<Role> newRoles) {
        return new TenantModel(
                id,
                generation,
                created,
                poolName,
                database,
                upstream,
                newRoles,
                doors,
                dedicated,
                suspended,
                drainTimeoutSeconds);
    }

    public TenantModel withDoors(List<Door> newDoors) {
        return new TenantModel(
                id,
                generation,
                created,
                poolName,
                database,
                upstream,
                roles,
                newDoors,
                dedicated,
                suspended,
                drainTimeoutSeconds);
    }
}
