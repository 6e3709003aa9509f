package io.tenantpool.engine.pgbouncer;

import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.Hmac;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Renders the files of one pooler. The rules, each from a way in which PgBouncer loses or leaks tenants (docs/pgbouncer.md):
 * lines sorted, because RELOAD is four times faster then; {@code [pgbouncer]} last and once, because opening it resets
 * every setting; the marker last, because it shows only when all before it was read; one HBA line per tenant and role,
 * because the user list is one for all databases; no forced user, because any user could become it.
 */
final class PgBouncerFiles {
    static final int IDLE_SECONDS = 60;
    static final int BRAKED_IDLE_SECONDS = 5;
    private static final int WARM_LIFETIME_SECONDS = 86_400;

    private final PoolerContent content;
    private final Hmac hmac;

    PgBouncerFiles(PoolerContent content) {
        this.content = content;
        this.hmac = new Hmac(content.keys().salt());
    }

    PoolerFiles render() {
        var ini = ini();
        var users = users();
        var hba = hba();
        var tls = PgBouncerTls.projected(content);
        tls.put(PgBouncerNames.SERVER_CA, new Secret(content.serverTls().bundle()));
        var revision = revision(ini, UserList.write(users), hba, tls);
        var sentinel = new Secret(hmac.of("sentinel", revision).substring(0, 32));
        users.put(PgBouncerNames.SENTINEL, sentinel);
        var projected = new TreeMap<String, Secret>();
        projected.put(PgBouncerNames.INI, new Secret(ini + "syslog_ident = " + revision + "\n"));
        projected.put(PgBouncerNames.USERLIST, new Secret(UserList.write(users)));
        projected.put(PgBouncerNames.HBA, new Secret(hba));
        projected.putAll(tls);
        var kept = new TreeMap<>(KeptKeys.write(content.keys()));
        kept.putAll(PgBouncerTls.kept(content.tls()));
        kept.put(PgBouncerNames.PLACEMENT, new Secret(Placement.write(content.tenants())));
        if (!content.forgetting().equals(Forgetting.NEVER)) {
            kept.put(PgBouncerNames.FORGETTING, new Secret(Placement.write(content.forgetting())));
        }
        return new PoolerFiles(projected, kept, revision, sentinel);
    }

    private String revision(String ini, String users, String hba, Map<String, Secret> others) {
        var texts = new ArrayList<>(List.of(ini, users, hba));
        others.values().forEach(text -> texts.add(text.value()));
        return hmac.of(texts.toArray(String[]::new)).substring(0, 20);
    }

    /** Peers first, because a load that fails drops those that it did not reach. */
    private String ini() {
        var listener = content.listener();
        var ini = new Ini();
        if (!content.peers().isEmpty()) {
            ini.section("peers");
            content.peers()
                    .forEach((id, host) -> ini.set(Integer.toString(id), "host=" + host + " port=" + listener.port()));
        }
        ini.section("databases");
        served().forEach(tenant -> ini.set(tenant.poolName(), database(tenant)));
        users(ini);
        ini.section("pgbouncer").include(PgBouncerNames.SETTINGS_DIR + "/" + PgBouncerNames.SETTINGS);
        PgBouncerTls.settings(content.tls(), ini);
        ini.set("auth_type", "hba")
                .set("auth_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.USERLIST)
                .set("auth_hba_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.HBA)
                .set("admin_users", PgBouncerNames.ADMIN)
                .set("stats_users", PgBouncerNames.SENTINEL)
                .set("max_client_conn", listener.maxClientConnectionsPerPod())
                .set("default_pool_size", listener.share(listener.defaultPoolSize()))
                .set(PgBouncerNames.SERVER_IDLE_TIMEOUT, content.braked() ? BRAKED_IDLE_SECONDS : IDLE_SECONDS);
        ServerTlsLines.write(content.serverTls(), ini);
        return ini.toString();
    }

    private Stream<Placed> served() {
        return content.tenants().stream().filter(tenant -> tenant.standing().hasPool());
    }

    private static String database(Placed tenant) {
        var line = new StringBuilder();
        line.append(Ini.quoted("host", tenant.upstream().host()));
        line.append(" port=").append(tenant.upstream().port());
        if (tenant.upstream().host().contains(",")) {
            line.append(" load_balance_hosts=round-robin");
        }
        line.append(' ').append(Ini.quoted("dbname", tenant.database()));
        line.append(" pool_size=").append(tenant.connectionsPerRole());
        line.append(" max_db_connections=").append(tenant.grant().perPod());
        if (tenant.grant().minIdle() > 0) {
            // Connections that were warmed are kept until they are a day old, not for the usual hour.
            line.append(" min_pool_size=").append(Math.min(tenant.grant().minIdle(), tenant.connectionsPerRole()));
            line.append(" server_lifetime=").append(WARM_LIFETIME_SECONDS);
        }
        if (tenant.limits().maxClientConnectionsPerPod() != null) {
            line.append(" max_db_client_connections=").append(tenant.limits().maxClientConnectionsPerPod());
        }
        if (tenant.limits().queryWaitTimeoutSeconds() != null) {
            line.append(" query_wait_timeout=").append(tenant.limits().queryWaitTimeoutSeconds());
        }
        return line.toString();
    }

    /** A line is never dropped, because its limits outlive it; an explicit 0 clears them. */
    private void users(Ini ini) {
        var limits = new TreeMap<String, Integer>();
        content.limitedRoles().forEach(role -> limits.put(role, 0));
        served().forEach(tenant -> {
            var limit = tenant.limits().idleTransactionTimeoutSeconds();
            if (limit != null) {
                tenant.roles().forEach(role -> limits.put(role.name(), limit));
            }
        });
        if (!limits.isEmpty()) {
            ini.section(PgBouncerNames.USERS);
            limits.forEach((role, limit) -> ini.set(role, "idle_transaction_timeout=" + limit));
        }
    }

    /** The console's users first: a line that PgBouncer can't read blanks every user after it. */
    private Map<String, Secret> users() {
        var users = new LinkedHashMap<String, Secret>();
        users.put(PgBouncerNames.ADMIN, content.keys().consolePassword());
        var tenants = new TreeMap<>(content.tombstones());
        served().forEach(tenant -> tenant.roles().forEach(role -> tenants.put(role.name(), role.password())));
        users.putAll(tenants);
        return users;
    }

    private String hba() {
        var lines = new TreeSet<String>();
        // Without its line a tenant's new logins are refused and its sessions go on.
        content.tenants().stream()
                .filter(tenant -> tenant.standing().isServing())
                .forEach(tenant -> tenant.roles().stream()
                        .map(Role::name)
                        .forEach(role -> lines.add(line(tenant.poolName(), role))));
        return PgBouncerTls.consoleAccess(content.tls()) + String.join("", lines);
    }

    /** Quoted, because an unquoted {@code all} would mean every database or role. */
    private String line(String poolName, String role) {
        return PgBouncerTls.connection(content.tls()) + " \"" + poolName + "\" \"" + role + "\" all scram-sha-256\n";
    }
}
