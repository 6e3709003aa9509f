package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.NameRules;
import java.util.Set;
import java.util.regex.Pattern;

/** The names that may stand in PgBouncer's files, and the file names themselves. */
final class PgBouncerNames {
    static final String INI = "pgbouncer.ini";
    static final String USERLIST = "userlist.txt";
    static final String HBA = "hba.conf";
    static final String PEER = "peer.ini";
    static final String SERVER_CA = "upstream-ca.crt";
    static final String PLACEMENT = "placement";
    static final String FORGETTING = "forgetting";
    static final String CONSOLE_PASSWORD = "console-password";
    static final String SALT = "salt";
    static final String TLS_CERTIFICATE = "tls.crt";
    static final String TLS_KEY = "tls.key";
    /** The certificates by which the console knows the operator. */
    static final String CONSOLE_AUTHORITY = "console-ca.crt";
    /** The operator's own authorities, for the case that their Secret is lost. */
    static final String AUTHORITIES = "ca.crt";
    /** Those that vouch for a certificate that somebody named. */
    static final String NAMED_AUTHORITIES = "named-ca.crt";
    /** One a line, the one that is served first. */
    static final String FINGERPRINTS = "fingerprints";

    static final String CONSOLE_CERTIFICATE = "console.crt";
    static final String CONSOLE_KEY = "console.key";
    static final String CONSOLE_SINCE = "console-since";
    /** Before the names of what opened the console before. */
    static final String PREVIOUS = "previous-";

    static final String SETTINGS = "settings.ini";

    static final String WORKING_DIR = "/etc/tenantpool";
    static final String LIVE = "live";
    static final String SETTINGS_DIR = "settings";

    static final String USERS = "users";
    static final String SERVER_IDLE_TIMEOUT = "server_idle_timeout";

    static final String SERVER_TLS_MODE = "server_tls_sslmode";

    static final String CONSOLE = "pgbouncer";
    static final String RESERVED_PREFIX = "tenantpool_";
    static final String ADMIN = RESERVED_PREFIX + "admin";
    static final String SENTINEL = RESERVED_PREFIX + "sentinel";

    /** Unquoted in every version; a longer one fails the whole load. */
    static final Pattern POOL_NAME = Pattern.compile("[a-z0-9_][a-z0-9_.-]{0,62}");

    static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.$ -]{0,62}");
    static final Pattern ROLE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.$@-]{0,62}");
    /** What a key of {@code [users]} may be; with another character the whole file is refused. */
    static final Pattern USER_KEY = Pattern.compile("[A-Za-z0-9_.-]+");

    static final Pattern HOST = Pattern.compile(NameRules.HOST);

    static final int MAX_HOST_LENGTH = 253;

    /** Special to PgBouncer, its HBA file or PostgreSQL. */
    static final Set<String> RESERVED_POOL_NAMES = Set.of(
            "pgbouncer",
            "all",
            "replication",
            "sameuser",
            "samerole",
            "samegroup",
            "admin",
            "postgres",
            "template0",
            "template1");

    static final Set<String> RESERVED_ROLES =
            Set.of("pgbouncer", "postgres", "all", "replication", "sameuser", "samerole", "admin");

    /** Bytes; PgBouncer 1.24 refuses the login with more than about 1,000. */
    static final int MAX_PASSWORD_BYTES = 1000;

    private PgBouncerNames() {}
}
