package io.tenantpool.engine.pgbouncer;

import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.ConsoleKey;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The entries of a pooler Secret that only the operator reads: what opens the console, now and before. */
final class KeptKeys {
    private KeptKeys() {}

    static SortedMap<String, Secret> write(PoolerKeys keys) {
        var entries = new TreeMap<String, Secret>();
        entries.put(PgBouncerNames.SALT, keys.salt());
        write("", keys.console(), entries);
        if (keys.previous() != null) {
            write(PgBouncerNames.PREVIOUS, keys.previous(), entries);
        }
        return entries;
    }

    private static void write(String prefix, ConsoleKey key, Map<String, Secret> entries) {
        entries.put(prefix + PgBouncerNames.CONSOLE_PASSWORD, key.password());
        if (key.identity() != null) {
            entries.put(
                    prefix + PgBouncerNames.CONSOLE_CERTIFICATE,
                    new Secret(key.identity().chain()));
            entries.put(prefix + PgBouncerNames.CONSOLE_KEY, key.identity().key());
            entries.put(
                    prefix + PgBouncerNames.CONSOLE_SINCE,
                    new Secret(Long.toString(key.since().getEpochSecond())));
        }
    }

    static Optional<PoolerKeys> read(Map<String, String> entries) {
        var salt = entries.getOrDefault(PgBouncerNames.SALT, "");
        var console = read("", entries);
        return console == null || salt.isEmpty()
                ? Optional.empty()
                : Optional.of(new PoolerKeys(console, read(PgBouncerNames.PREVIOUS, entries), new Secret(salt)));
    }

    private static @Nullable ConsoleKey read(String prefix, Map<String, String> entries) {
        var password = entries.getOrDefault(prefix + PgBouncerNames.CONSOLE_PASSWORD, "");
        if (password.isEmpty()) {
            return null;
        }
        var certificate = entries.get(prefix + PgBouncerNames.CONSOLE_CERTIFICATE);
        var key = entries.get(prefix + PgBouncerNames.CONSOLE_KEY);
        var since = entries.getOrDefault(prefix + PgBouncerNames.CONSOLE_SINCE, "0");
        if (certificate == null || key == null || !since.matches("\\d{1,12}")) {
            return new ConsoleKey(new Secret(password), null, Instant.EPOCH);
        }
        // Nobody is shown the operator's own certificate but poolers that have it, so its fingerprint is of no use.
        return new ConsoleKey(
                new Secret(password),
                new CertificatePair(certificate, new Secret(key), ""),
                Instant.ofEpochSecond(Long.parseLong(since)));
    }
}
