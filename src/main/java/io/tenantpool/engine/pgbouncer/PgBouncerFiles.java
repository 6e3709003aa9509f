package io.tenantpool.engine.pgbouncer;

import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.Hmac;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Renders the files of one pooler. The rules, each from a way in which PgBouncer loses or leaks tenants (docs/pgbouncer.md):
 * lines sorted, because RELOAD is four times faster then; {@code [pgbouncer]} last and once, because opening it resets
 * every setting; the marker last, because it shows only when all before it was read; one HBA line per tenant and role,
 * because the user list is one for all databases; no forced user, because any user could become it.
 */
final class PgBouncerFiles {
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
        var revision = hmac.of(ini, UserList.write(users), hba).substring(0, 20);
        var sentinel = new Secret(hmac.of("sentinel", revision).substring(0, 32));
        users.put(PgBouncerNames.SENTINEL, sentinel);
        var projected = new TreeMap<String, Secret>();
        projected.put(PgBouncerNames.INI, new Secret(ini + "syslog_ident = " + revision + "\n"));
        projected.put(PgBouncerNames.USERLIST, new Secret(UserList.write(users)));
        projected.put(PgBouncerNames.HBA, new Secret(hba));
        var kept = new TreeMap<String, Secret>();
        kept.put(PgBouncerNames.PLACEMENT, new Secret(Placement.write(content.tenants())));
        kept.put(PgBouncerNames.CONSOLE_PASSWORD, content.keys().consolePassword());
        kept.put(PgBouncerNames.SALT, content.keys().salt());
        return new PoolerFiles(projected, kept, revision, sentinel);
    }

    private String ini() {
        var listener = content.listener();
        var ini = new Ini().section("databases");
        for (var tenant : content.tenants()) {
            ini.set(tenant.poolName(), database(tenant));
        }
        return ini.section("pgbouncer")
                .include(PgBouncerNames.SETTINGS_DIR + "/" + PgBouncerNames.SETTINGS)
                .set("auth_type", "hba")
                .set("auth_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.USERLIST)
                .set("auth_hba_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.HBA)
                .set("admin_users", PgBouncerNames.ADMIN)
                .set("stats_users", PgBouncerNames.SENTINEL)
                .set("max_client_conn", listener.maxClientConnectionsPerPod())
                .set("default_pool_size", listener.share(listener.defaultPoolSize()))
                .toString();
    }

    private static String database(Placed tenant) {
        var line = new StringBuilder();
        line.append(Ini.quoted("host", tenant.upstream().host()));
        line.append(" port=").append(tenant.upstream().port());
        line.append(' ').append(Ini.quoted("dbname", tenant.database()));
        line.append(" pool_size=").append(tenant.poolSize());
        line.append(" max_db_connections=").append(tenant.share());
        if (tenant.maxClientConnectionsPerPod() != null) {
            line.append(" max_db_client_connections=").append(tenant.maxClientConnectionsPerPod());
        }
        return line.toString();
    }

    /** The console's users first: a line that PgBouncer can't read blanks every user after it. */
    private Map<String, Secret> users() {
        var users = new LinkedHashMap<String, Secret>();
        users.put(PgBouncerNames.ADMIN, content.keys().consolePassword());
        var tenants = new TreeMap<>(content.tombstones());
        for (var tenant : content.tenants()) {
            for (var role : tenant.roles()) {
                tenants.put(role.name(), role.password());
            }
        }
        users.putAll(tenants);
        return users;
    }

    private String hba() {
        var lines = new TreeSet<String>();
        for (var tenant : content.tenants()) {
            tenant.roles().stream().map(Role::name).forEach(role -> lines.add(line(tenant.poolName(), role)));
        }
        return "host %s %s,%s all scram-sha-256%n"
                        .formatted(PgBouncerNames.CONSOLE, PgBouncerNames.ADMIN, PgBouncerNames.SENTINEL)
                        .replace(System.lineSeparator(), "\n")
                + String.join("", lines);
    }

    /** Quoted, because an unquoted {@code all} would mean every database or role. */
    private static String line(String poolName, String role) {
        return "host \"" + poolName + "\" \"" + role + "\" all scram-sha-256\n";
    }
}
