package io.tenantpool.engine.pgbouncer;

import io.tenantpool.model.Login;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What PgBouncer's refusals mean. Its own errors all carry 08P01 and differ by text alone; PostgreSQL's come through
 * with their code, or as "server login has been failing, cached error" for {@code server_login_retry} seconds.
 */
final class PgBouncerLogins {
    private static final String PROTOCOL_VIOLATION = "08P01";

    private PgBouncerLogins() {}

    static Login classify(@Nullable String sqlState, String message) {
        var text = message.toLowerCase(Locale.ROOT);
        if (text.contains("client connections exceeded")) {
            return Login.BUSY; // the tenant's own limit: its clients are connected
        }
        if (text.contains("no more connections allowed")) {
            return Login.POOLER_REFUSED; // the pod's limit, filled by anybody, and looked at before the password
        }
        if (text.contains("query_wait_timeout")) {
            return Login.UPSTREAM_UNREACHABLE;
        }
        if (sqlState == null || PROTOCOL_VIOLATION.equals(sqlState)) {
            return byText(text);
        }
        return switch (sqlState) {
            case "3D000" -> Login.DATABASE_NOT_FOUND;
            case "28P01", "28000" -> Login.AUTHENTICATION_FAILED;
            case "57P03", "08006", "08001", "57P01" -> Login.UPSTREAM_UNREACHABLE;
            default -> Login.REFUSED;
        };
    }

    private static Login byText(String text) {
        if (text.contains("no such database")
                || text.contains("ssl required")
                || text.contains("sasl authentication failed")
                || text.contains("no authentication method")) {
            return Login.POOLER_REFUSED;
        }
        if (text.contains("does not exist") && text.contains("database")) {
            return Login.DATABASE_NOT_FOUND;
        }
        if (text.contains("password authentication failed")
                || text.contains("pg_hba.conf")
                || text.contains("does not exist")) {
            return Login.AUTHENTICATION_FAILED;
        }
        if (text.contains("connect") || text.contains("server login has been failing")) {
            return Login.UPSTREAM_UNREACHABLE;
        }
        return Login.REFUSED;
    }
}
