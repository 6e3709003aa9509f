package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.PoolUsage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a row of SHOW POOLS says. */
class PgBouncerPoolsTest {
    private static final Map<String, Long> ROW = Map.ofEntries(
            Map.entry("cl_active", 100L),
            Map.entry("cl_waiting", 20L),
            Map.entry("cl_active_cancel_req", 3L),
            Map.entry("cl_waiting_cancel_req", 4L),
            Map.entry("sv_active", 1_000L),
            Map.entry("sv_active_cancel", 2_000L),
            Map.entry("sv_being_canceled", 4_000L),
            Map.entry("sv_idle", 8_000L),
            Map.entry("sv_used", 16_000L),
            Map.entry("sv_tested", 32_000L),
            Map.entry("sv_login", 64_000L),
            Map.entry("maxwait", 7L),
            Map.entry("maxwait_us", 250_000L));

    @Test
    void every_connection_counts_once() {
        assertThat(usage(ROW)).isEqualTo(new PoolUsage(1_000, 127_000, 127, 20, Duration.ofMillis(7_250)));
    }

    @Test
    void a_version_that_does_not_count_cancel_requests_is_read_too() {
        var older = new HashMap<>(ROW);
        older.remove("sv_active_cancel");
        older.remove("sv_being_canceled");
        older.remove("cl_active_cancel_req");
        older.remove("cl_waiting_cancel_req");

        assertThat(usage(older)).isEqualTo(new PoolUsage(1_000, 121_000, 120, 20, Duration.ofMillis(7_250)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sv_active", "cl_waiting", "maxwait", "maxwait_us"})
    void a_row_without_what_matters_is_not_taken_for_an_idle_pool(String column) {
        var strange = new HashMap<>(ROW);
        strange.remove(column);

        assertThatThrownBy(() -> usage(strange))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(column);
    }

    private static PoolUsage usage(Map<String, Long> row) {
        return new PgBouncerEngine().console().pools().usage(row::get);
    }
}
