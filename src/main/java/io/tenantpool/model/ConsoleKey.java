package io.tenantpool.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What opens the console of a PoolerCluster's poolers.
 *
 * @param password where the pooler takes no TLS
 * @param identity takes the password's place over TLS; null in what an operator before 0.3 wrote
 * @param since when it was made; the newest of several is the one to use
 */
public record ConsoleKey(Secret password, @Nullable CertificatePair identity, Instant since) {}
