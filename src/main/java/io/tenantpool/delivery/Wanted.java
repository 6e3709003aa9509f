package io.tenantpool.delivery;

import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.TenantId;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What every pod of a pooler shall serve.
 *
 * @param clusterUid tells a PoolerCluster from a later one of the same name
 * @param keys what opens the pods' consoles
 * @param tls how pods that have read their files meet clients
 * @param port of the published address
 * @param pools every pool of this content, also those of tenants that are drained
 * @param peers addresses of the pods by their peer id, as this content has them
 * @param serviceIp the published address, null while it has none
 * @param transactions whether the door takes more than single statements
 */
public record Wanted(
        PoolerId pooler,
        String clusterUid,
        String revision,
        PoolerKeys keys,
        PoolerTls tls,
        Secret sentinelPassword,
        int port,
        @Nullable String serviceIp,
        boolean transactions,
        List<Target> tenants,
        List<Pool> pools,
        SortedMap<Integer, String> peers) {

    /** How clients log in. */
    PgLogin.Encryption encryption() {
        return new PgLogin.Encryption(tls.offered(), true, tls.fingerprints(), null);
    }

    Consoles.Access console() {
        return new Consoles.Access(keys, tls);
    }

    /**
     * A pool that pods have.
     *
     * @param upstream its name
     * @param share server connections that it may use on one pod
     * @param minIdle server connections that one pod keeps open without clients; 0 for none
     * @param counted as the share, or more after it was lowered and while pods may still hold as many
     * @param draining whether it is only there for clients that are connected already
     */
    public record Pool(
            String tenantUid,
            String poolName,
            String upstream,
            int share,
            int minIdle,
            int counted,
            boolean draining,
            List<Role> roles) {

        /** Whether pods may still hold more connections than the share. */
        boolean lowered() {
            return counted > share;
        }
    }

    /**
     * A tenant to prove.
     *
     * @param upstream the server's address; proofs to one server wait for each other
     * @param share server connections that it may use on one pod
     * @param content names what a proof covers; another content needs another proof
     * @param proven whether this content was proven before
     */
    public record Target(
            TenantId id,
            String poolName,
            String upstream,
            List<Role> roles,
            int share,
            String content,
            boolean proven) {}
}
