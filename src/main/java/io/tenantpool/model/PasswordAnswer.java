package io.tenantpool.model;

/** What PostgreSQL says of a password that is to replace one that is served. */
public enum PasswordAnswer {
    /** Nothing yet. */
    PENDING,
    /** It lets the role in with it. */
    ACCEPTED,
    /** It does not know it. */
    REJECTED,
    /** It could not be asked, or spoke of something else. */
    UNCHECKED
}
