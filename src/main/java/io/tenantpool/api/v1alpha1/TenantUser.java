package io.tenantpool.api.v1alpha1;

/** A role of the tenant; its PostgreSQL name is the {@code username} of the Secret. */
public record TenantUser(String name, LocalSecretRef credentialsSecretRef) {}
