package io.tenantpool.model;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a PoolerCluster keeps to itself.
 *
 * @param previous opened the consoles before and still opens those of pods that have not read their files again; null
 *     when it was never changed
 * @param salt makes revisions useless for guessing passwords
 */
public record PoolerKeys(ConsoleKey console, @Nullable ConsoleKey previous, Secret salt) {
    /** Keys without a certificate, for consoles without TLS. */
    public PoolerKeys(Secret consolePassword, Secret salt) {
        this(new ConsoleKey(consolePassword, null, Instant.EPOCH), null, salt);
    }

    public Secret consolePassword() {
        return console.password();
    }

    /** The newest first. */
    public Stream<ConsoleKey> consoles() {
        return Stream.concat(Stream.of(console), Optional.ofNullable(previous).stream());
    }
}
