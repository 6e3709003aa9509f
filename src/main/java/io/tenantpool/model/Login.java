package io.tenantpool.model;

/** What a login told; {@link #PROVEN} and {@link #BUSY} prove the credentials. */
public enum Login {
    PROVEN,
    /** The pool or a client limit is full: somebody else is using the tenant right now. */
    BUSY,
    DATABASE_NOT_FOUND,
    AUTHENTICATION_FAILED,
    UPSTREAM_UNREACHABLE,
    /** The pooler itself refused the login. */
    POOLER_REFUSED,
    POOLER_UNREACHABLE,
    /** PostgreSQL refused for another reason. */
    REFUSED;

    public boolean proves() {
        return this == PROVEN || this == BUSY;
    }
}
