package io.tenantpool.engine.pgbouncer;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.engine.Engine;
import io.tenantpool.engine.PodShape;
import io.tenantpool.engine.PoolTable;
import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.Finding;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Login;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.TenantModel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** PgBouncer 1.24 or newer; 1.26.1 is the oldest without a known hole. */
public final class PgBouncerEngine implements Engine {
    /**
     * SIGINT ends PgBouncer when the last transaction has ended and closes idle clients between statements. The hook
     * waits until it is gone: the SIGTERM that follows would be a second signal, which exits at once.
     */
    private static final List<String> AWAIT_TRANSACTIONS =
            List.of("sh", "-c", "sleep 5; kill -INT 1; while kill -0 1; do sleep 0.2; done");

    /**
     * A client of a session door keeps what it has until it leaves, so nothing but its leaving ends it well: the SIGTERM
     * that follows lets PgBouncer wait for that, until the grace is over.
     */
    private static final List<String> AWAIT_CLIENTS = List.of("sleep", "5");

    private final PgBouncerCheck check = new PgBouncerCheck();

    @Override
    public Optional<Finding> check(TenantModel tenant) {
        return check.check(tenant);
    }

    @Override
    public Optional<Finding> unsupported(TenantModel tenant, SortedSet<String> versions) {
        return PgBouncerVersion.unsupported(tenant, versions);
    }

    @Override
    public TenantModel careful(TenantModel tenant) {
        return PgBouncerVersion.careful(tenant);
    }

    @Override
    public List<String> holes(String version) {
        return PgBouncerVersion.holes(version);
    }

    @Override
    public String soundVersion() {
        return PgBouncerVersion.SOUND;
    }

    @Override
    public PoolerFiles render(PoolerContent content) {
        return new PgBouncerFiles(content).render();
    }

    @Override
    public HeldPooler parse(PoolerId id, Map<String, String> entries) {
        var users = UserList.read(entries.getOrDefault(PgBouncerNames.USERLIST, ""));
        var tenants = Placement.read(entries.getOrDefault(PgBouncerNames.PLACEMENT, ""), users);
        var roles = new TreeSet<>(users.keySet());
        roles.remove(PgBouncerNames.ADMIN);
        roles.remove(PgBouncerNames.SENTINEL);
        var ini = new IniReader(entries.getOrDefault(PgBouncerNames.INI, ""));
        return new HeldPooler(
                id,
                tenants,
                roles,
                new TreeSet<>(ini.section(PgBouncerNames.USERS).keySet()),
                ini.peers(),
                Integer.toString(PgBouncerFiles.BRAKED_IDLE_SECONDS)
                        .equals(ini.section("pgbouncer").get(PgBouncerNames.SERVER_IDLE_TIMEOUT)),
                Placement.readForgetting(entries.getOrDefault(PgBouncerNames.FORGETTING, "")),
                ServerTlsLines.read(ini.section("pgbouncer"), entries.getOrDefault(PgBouncerNames.SERVER_CA, "")));
    }

    @Override
    public Optional<PoolerKeys> keys(Map<String, String> entries) {
        return KeptKeys.read(entries);
    }

    @Override
    public PoolerTls tls(Map<String, String> entries) {
        return PgBouncerTls.read(entries);
    }

    @Override
    public Map<String, String> settings(ListenerModel listener) {
        var ini = new Ini()
                .set("listen_addr", "*")
                .set("listen_port", listener.port())
                .set("unix_socket_dir", "") // the image's user and file system are unknown; nothing needs a socket
                .set("pool_mode", listener.poolMode().toLowerCase(Locale.ROOT))
                .set("max_prepared_statements", 200) // JDBC drivers prepare by name in transaction mode, too
                .set("ignore_startup_parameters", "extra_float_digits") // sent by drivers, harmless, refused otherwise
                .set("server_login_retry", 1) // 15 by default: a database created late would stay refused that long
                .set("query_wait_timeout", 10) // 120 by default: nobody waits that long for a connection
                .set("server_connect_timeout", 5)
                .set("reserve_pool_size", 0) // a reserve would break the sum of connections
                .set("log_connections", 0)
                .set("log_disconnections", 0)
                .set("log_stats", 0)
                // Here, and not in the files that every pod reads again: a pod of an older template has no such file,
                // and a load that ends inside [pgbouncer] leaves the defaults, which let anybody in.
                .include(PgBouncerNames.LIVE + "/" + PgBouncerNames.PEER);
        return Map.of(PgBouncerNames.SETTINGS, ini.toString());
    }

    @Override
    public PodShape podShape(ListenerModel listener) {
        return new PodShape(
                List.of("pgbouncer", PgBouncerNames.LIVE + "/" + PgBouncerNames.INI),
                PgBouncerNames.WORKING_DIR,
                PgBouncerNames.LIVE,
                PgBouncerNames.SETTINGS_DIR,
                listener.isSession() ? AWAIT_CLIENTS : AWAIT_TRANSACTIONS,
                List.of(
                        PgBouncerNames.CONSOLE_AUTHORITY,
                        PgBouncerNames.HBA,
                        PgBouncerNames.INI,
                        PgBouncerNames.SERVER_CA,
                        PgBouncerNames.TLS_CERTIFICATE,
                        PgBouncerNames.TLS_KEY,
                        PgBouncerNames.USERLIST),
                PgBouncerNames.PEER);
    }

    @Override
    public ConsoleDialect console() {
        return new ConsoleDialect(
                PgBouncerNames.CONSOLE,
                PgBouncerNames.ADMIN,
                PgBouncerNames.SENTINEL,
                "RELOAD",
                "SHOW CONFIG",
                "syslog_ident",
                "peer_id",
                "peer_id = ",
                16_383,
                "SHOW VERSION",
                "RECONNECT \"%s\"",
                new PoolTable(
                        "SHOW POOLS",
                        "database",
                        "sv_active",
                        List.of(
                                "sv_active",
                                "sv_idle",
                                "sv_used",
                                "sv_tested",
                                "sv_login",
                                "sv_active_cancel",
                                "sv_being_canceled"),
                        List.of("cl_active", "cl_waiting", "cl_active_cancel_req", "cl_waiting_cancel_req"),
                        "cl_waiting",
                        "maxwait",
                        "maxwait_us"));
    }

    @Override
    public Login classify(@Nullable String sqlState, String message) {
        return PgBouncerLogins.classify(sqlState, message);
    }
}
