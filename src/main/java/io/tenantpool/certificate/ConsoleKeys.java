package io.tenantpool.certificate;

import io.tenantpool.model.ConsoleKey;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/** Makes and changes what opens the consoles of a PoolerCluster's poolers. */
public final class ConsoleKeys {
    private static final int BYTES = 24;

    /** Poolers trust this one certificate by itself and for as long as it is in their files; its end protects nobody. */
    private static final Duration IDENTITY = Duration.ofDays(3650);

    private final SecureRandom random = new SecureRandom();
    private final String user;
    private final Duration every;

    /**
     * @param user the common name that a pooler asks for
     * @param every how long one is used
     */
    public ConsoleKeys(String user, Duration every) {
        this.user = user;
        this.every = every;
    }

    public PoolerKeys fresh(Instant now) {
        return new PoolerKeys(console(now), null, secret());
    }

    /** The same, or with a new key for the consoles when the last one is old; the last one goes on to be taken. */
    public PoolerKeys current(PoolerKeys keys, Instant now) {
        var due = keys.console().identity() == null
                || !now.isBefore(keys.console().since().plus(every));
        return due ? new PoolerKeys(console(now), keys.console(), keys.salt()) : keys;
    }

    private ConsoleKey console(Instant now) {
        return new ConsoleKey(
                secret(), Issuer.client(user, now, IDENTITY), Instant.ofEpochSecond(now.getEpochSecond()));
    }

    private Secret secret() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Secret(HexFormat.of().formatHex(bytes));
    }
}
