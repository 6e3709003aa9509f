package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.ClientTlsMode;
import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.ConsoleKey;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * TLS between clients and PgBouncer. The files are there in every mode, so that a change of the mode is a RELOAD and no
 * rollout. {@code client_tls_ca_file} always has one: without it PgBouncer reads the system's whole bundle with every
 * RELOAD (30 ms), and the console could not tell the operator from others.
 */
final class PgBouncerTls {
    private PgBouncerTls() {}

    /** The files that pods see. */
    static SortedMap<String, Secret> projected(PoolerContent content) {
        var files = new TreeMap<String, Secret>();
        var served = content.tls().served();
        if (served != null) {
            files.put(PgBouncerNames.TLS_CERTIFICATE, new Secret(served.chain()));
            files.put(PgBouncerNames.TLS_KEY, served.key());
            files.put(
                    PgBouncerNames.CONSOLE_AUTHORITY,
                    new Secret(content.keys()
                            .consoles()
                            .map(ConsoleKey::identity)
                            .filter(Objects::nonNull)
                            .map(CertificatePair::chain)
                            .collect(Collectors.joining())));
        }
        return files;
    }

    /** What only the operator reads. */
    static SortedMap<String, Secret> kept(PoolerTls tls) {
        var entries = new TreeMap<String, Secret>();
        if (tls.served() != null) {
            var known = new ArrayList<>(List.of(tls.served().fingerprint()));
            known.addAll(tls.earlier());
            entries.put(PgBouncerNames.FINGERPRINTS, new Secret(String.join("\n", known)));
            entries.put(PgBouncerNames.AUTHORITIES, new Secret(tls.authorities()));
            if (!tls.named().isEmpty()) {
                entries.put(PgBouncerNames.NAMED_AUTHORITIES, new Secret(tls.named()));
            }
        }
        return entries;
    }

    static PoolerTls read(Map<String, String> entries) {
        var chain = entries.get(PgBouncerNames.TLS_CERTIFICATE);
        var key = entries.get(PgBouncerNames.TLS_KEY);
        var known = Arrays.stream(
                        entries.getOrDefault(PgBouncerNames.FINGERPRINTS, "").split("\n"))
                .filter(fingerprint -> !fingerprint.isBlank())
                .toList();
        if (chain == null || key == null || known.isEmpty()) {
            return PoolerTls.PLAIN;
        }
        var sslMode = new IniReader(entries.getOrDefault(PgBouncerNames.INI, ""))
                .section("pgbouncer")
                .getOrDefault("client_tls_sslmode", "");
        var mode = Arrays.stream(ClientTlsMode.values())
                .filter(one -> sslMode(one).equals(sslMode))
                .findFirst()
                .orElse(ClientTlsMode.Disable);
        return new PoolerTls(
                mode,
                new CertificatePair(chain, new Secret(key), known.get(0)),
                known.subList(1, known.size()),
                entries.getOrDefault(PgBouncerNames.AUTHORITIES, ""),
                entries.getOrDefault(PgBouncerNames.NAMED_AUTHORITIES, ""));
    }

    static void settings(PoolerTls tls, Ini ini) {
        ini.set("client_tls_sslmode", tls.offered() ? sslMode(tls.mode()) : sslMode(ClientTlsMode.Disable));
        if (tls.served() != null) {
            ini.set("client_tls_cert_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.TLS_CERTIFICATE);
            ini.set("client_tls_key_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.TLS_KEY);
            ini.set("client_tls_ca_file", PgBouncerNames.LIVE + "/" + PgBouncerNames.CONSOLE_AUTHORITY);
        }
    }

    /**
     * Over TLS the operator shows its certificate, because the console shares the clients' port and a network policy
     * cannot tell them apart. The sentinel proves that the user list was read to its end, so it needs its password.
     */
    static String consoleAccess(PoolerTls tls) {
        var database = PgBouncerNames.CONSOLE;
        return tls.offered()
                ? "hostssl " + database + " " + PgBouncerNames.ADMIN + " all cert\n" + "hostssl " + database + " "
                        + PgBouncerNames.SENTINEL + " all scram-sha-256\n"
                : "host " + database + " " + PgBouncerNames.ADMIN + "," + PgBouncerNames.SENTINEL
                        + " all scram-sha-256\n";
    }

    /** The kind of connection by which tenants may come. */
    static String connection(PoolerTls tls) {
        return tls.offered() && tls.mode() == ClientTlsMode.Require ? "hostssl" : "host";
    }

    private static String sslMode(ClientTlsMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
