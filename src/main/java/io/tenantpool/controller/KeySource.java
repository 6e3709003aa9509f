package io.tenantpool.controller;

import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes the keys of a new PoolerCluster. */
public final class KeySource {
    private static final int BYTES = 24;
    private final SecureRandom random = new SecureRandom();

    PoolerKeys fresh() {
        return new PoolerKeys(secret(), secret());
    }

    private Secret secret() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Secret(HexFormat.of().formatHex(bytes));
    }
}
