package io.tenantpool.model;

/** A Tenant object; {@code uid} tells it from a later one of the same name. */
public record TenantId(String uid, String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
