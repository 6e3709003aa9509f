package io.tenantpool.testing;

/** What a test knows of a tenant: everything but the operator's doing. */
public record TestTenant(String namespace, String name, String database, String role, String password) {

    /** The name of the Secret with the role's name and password. */
    public String credentialsSecret() {
        return name + "-db";
    }

    /** The same tenant with another password. */
    public TestTenant withPassword(String newPassword) {
        return new TestTenant(namespace, name, database, role, newPassword);
    }
}
