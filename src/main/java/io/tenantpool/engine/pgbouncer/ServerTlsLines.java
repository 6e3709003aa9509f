package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.Upstream.TlsMode;
import io.tenantpool.model.ServerTls;
import java.util.EnumMap;
import java.util.Map;

/**
 * The settings of TLS to PostgreSQL. RELOAD takes all of them up: with another mode PgBouncer lets every server
 * connection go at its next pause, with other certificates in the same file it uses them for new connections and leaves
 * those that were verified before alone.
 */
final class ServerTlsLines {
    private static final Map<TlsMode, String> WORDS = new EnumMap<>(Map.of(
            TlsMode.VerifyFull, "verify-full",
            TlsMode.VerifyCA, "verify-ca",
            TlsMode.Require, "require",
            TlsMode.Disable, "disable"));

    private ServerTlsLines() {}

    static void write(ServerTls tls, Ini ini) {
        ini.set(PgBouncerNames.SERVER_TLS_MODE, WORDS.getOrDefault(tls.mode(), ""));
        if (tls.isEncrypted()) {
            ini.set("server_tls_protocols", "secure"); // 1.2 and newer
        }
        if (tls.verifies()) {
            ini.set("server_tls_ca_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.SERVER_CA);
        }
    }

    /** What {@link #write} wrote, with the certificates that lie beside it. */
    static ServerTls read(Map<String, String> lines, String bundle) {
        var word = lines.getOrDefault(PgBouncerNames.SERVER_TLS_MODE, "");
        return WORDS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(word))
                .findFirst()
                .map(entry -> ServerTls.read(entry.getKey(), bundle))
                .orElse(ServerTls.PLAIN);
    }
}
