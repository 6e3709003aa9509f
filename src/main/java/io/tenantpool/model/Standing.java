package io.tenantpool.model;

import java.time.Instant;

/**
 * Whether clients of a tenant are let in.
 *
 * @param until when the last client has to be gone, in seconds since 1970; 0 unless {@link Kind#Draining}
 */
public record Standing(Kind kind, long until) {
    public static final Standing SERVING = new Standing(Kind.Serving, 0);
    public static final Standing SUSPENDED = new Standing(Kind.Suspended, 0);

    /** In the order in which a tenant goes through them. */
    public enum Kind {
        /** Clients log in. */
        Serving,
        /** New logins are refused; who is connected may go on. */
        Draining,
        /** It is in no pool; its names and its place are kept. */
        Suspended
    }

    public static Standing draining(Instant until) {
        return new Standing(Kind.Draining, until.getEpochSecond());
    }

    public boolean isServing() {
        return kind == Kind.Serving;
    }

    /** Whether it has a pool: clients may be connected, and server connections open. */
    public boolean hasPool() {
        return kind != Kind.Suspended;
    }
}
