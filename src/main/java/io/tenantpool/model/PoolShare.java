package io.tenantpool.model;

/**
 * What a tenant may use of one pooler.
 *
 * @param share server connections on one pod
 */
public record PoolShare(TenantId tenant, String poolName, int share) {}
