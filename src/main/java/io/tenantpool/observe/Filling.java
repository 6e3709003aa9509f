package io.tenantpool.observe;

import io.tenantpool.model.PoolUsage;

/**
 * How much of what may be used is used.
 *
 * @param size server connections that may be in use at a time
 */
record Filling(int size, PoolUsage usage) {
    static final Filling NONE = new Filling(0, PoolUsage.NONE);

    private static final double MILLIS = 1000;

    Filling plus(Filling other) {
        return new Filling(size + other.size, usage.plus(other.usage));
    }

    /** In percent; above 100 while a size that was lowered is still exceeded. */
    double utilization() {
        return size == 0 ? 0 : rounded(100.0 * usage.active() / size);
    }

    double maxWaitSeconds() {
        return rounded(usage.maxWait().toMillis() / MILLIS);
    }

    private static double rounded(double number) {
        return Math.round(number * 10) / 10.0;
    }
}
