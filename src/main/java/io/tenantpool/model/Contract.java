package io.tenantpool.model;

import org.jspecify.annotations.Nullable;

/**
 * How many server connections may be promised on each server of an upstream.
 *
 * @param max null when there is no contract, or when it is read from the server and not known yet
 * @param live whether the server is asked for {@code max}
 */
public record Contract(@Nullable Integer max, int reserved, int overcommitPercent, boolean live) {
    /** The most that may be promised, or null when there is no contract. */
    public @Nullable Integer limit() {
        return max == null ? null : (int) ((long) Math.max(0, max - reserved) * overcommitPercent / 100);
    }

    /** Whether there is a contract whose numbers are still unknown: nobody new is let in until they are. */
    public boolean isPending() {
        return live && max == null;
    }

    public Contract withMax(@Nullable Integer newMax) {
        return new Contract(newMax, reserved, overcommitPercent, live);
    }
}
