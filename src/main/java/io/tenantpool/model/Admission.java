package io.tenantpool.model;

import org.jspecify.annotations.Nullable;

/**
 * What Tenants may ask for.
 *
 * @param maxPerNamespace null for any number
 * @param maxPoolSize null for any size
 */
public record Admission(
        boolean dedicated,
        @Nullable Integer maxPerNamespace,
        @Nullable Integer maxPoolSize) {
    /** No limits but no pods of one's own either, which cost the platform team. */
    public static final Admission OPEN = new Admission(false, null, null);
}
