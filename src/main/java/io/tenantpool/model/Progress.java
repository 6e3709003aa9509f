package io.tenantpool.model;

import org.jspecify.annotations.Nullable;

/**
 * How far one content of a tenant has come on one pooler.
 *
 * @param content the content's version, see {@link Verdict#credentialsVersion()} and the generation
 * @param pods pods that take or will take traffic
 * @param podsCurrent those of them that serve the content
 * @param done proven through all of them and through the published address
 * @param failure the last failed login, or null
 */
public record Progress(
        String content,
        int pods,
        int podsCurrent,
        boolean done,
        @Nullable Failure failure) {

    /**
     * A login that failed.
     *
     * @param detail the server's own words
     */
    public record Failure(Login login, String role, String through, String detail) {}

    public boolean programmed() {
        return done || (pods > 0 && podsCurrent == pods);
    }
}
