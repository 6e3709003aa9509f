package io.tenantpool.observe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How urgent it is that somebody looks. */
public enum Level {
    OK,
    WARNING,
    CRITICAL,
    EMERGENCY,
    /** No pod could be read. */
    UNKNOWN;

    private static final double WARNING_PERCENT = 75;
    private static final double CRITICAL_PERCENT = 90;
    private static final Duration TOO_LONG = Duration.ofSeconds(5);

    /**
     * The level of a door or a tenant.
     *
     * @param fullest the fullest pod counts like the whole: its clients can't use what is free on another; null when
     *     none was read
     */
    static Level of(Filling total, PoolsReport.@Nullable Pod fullest) {
        if (fullest == null) {
            return UNKNOWN;
        }
        if (total.usage().maxWait().compareTo(TOO_LONG) > 0) {
            return EMERGENCY;
        }
        var utilization =
                Math.max(total.utilization(), fullest.utilization()); // as shown, so that nobody has to wonder
        if (utilization >= CRITICAL_PERCENT) {
            return CRITICAL;
        }
        return utilization >= WARNING_PERCENT ? WARNING : OK;
    }

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
