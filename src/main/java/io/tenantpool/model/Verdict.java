package io.tenantpool.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for one generation of a Tenant.
 *
 * @param finding why it is not accepted, or null
 * @param served whether it is in the poolers; a refused one can be, with its last good content
 * @param credentialsVersion changes with any of its credentials; null when it is not served
 * @param poolers the poolers that serve it
 * @param standing whether clients are let in; says nothing of one that is not served
 * @param trust what its clients are told of TLS
 */
public record Verdict(
        TenantId id,
        long generation,
        @Nullable Finding finding,
        boolean served,
        @Nullable String credentialsVersion,
        List<Endpoint> poolers,
        List<Role> roles,
        @Nullable String poolName,
        Standing standing,
        ClientTrust trust) {

    /** A tenant that nobody serves. */
    public static Verdict refused(TenantId id, long generation, Finding finding) {
        return new Verdict(
                id, generation, finding, false, null, List.of(), List.of(), null, Standing.SERVING, ClientTrust.PLAIN);
    }

    /** A Tenant that is being deleted and that no pooler serves any more. */
    public static Verdict gone(TenantId id, long generation) {
        return new Verdict(
                id, generation, null, false, null, List.of(), List.of(), null, Standing.SUSPENDED, ClientTrust.PLAIN);
    }

    /** Where clients reach the tenant. */
    public record Endpoint(PoolerId pooler, int port) {}
}
