package io.tenantpool.model;

/**
 * A PostgreSQL role and its password.
 *
 * @param source the Secret it came from, {@code namespace/name}; a role is shared only by Tenants with the same source
 */
public record Role(String name, Secret password, String source) {}
