package io.tenantpool.model;

import java.util.List;

/** A Tenant whose references resolve; what it asks for, with every default filled in. */
public record TenantModel(
        TenantId id,
        long generation,
        String created,
        String poolName,
        String database,
        UpstreamModel upstream,
        List<Role> roles,
        List<Door> doors) {}
