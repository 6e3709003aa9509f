package io.tenantpool.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tenantpool.config.TenantpoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingRangesTest {
    @Test
    void the_defaults_are_in_their_ranges() {
        assertThat(broken(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pooler.secret-bytes-per-second | 999 | 1000 to 1000000000, but is 999",
                "pooler.secret-bytes-per-second | 1000000001 | 1000 to 1000000000, but is 1000000001",
                "delivery.proofs-per-upstream | 0 | 1 to 1000, but is 0",
                "delivery.proofs-per-upstream | 1001 | 1 to 1000, but is 1001",
                "delivery.poll-interval | 9ms | 10ms to 60s, but is 9ms",
                "delivery.poll-interval | PT-1S | 10ms to 60s, but is -1s",
                "delivery.reload-share | 0 | above 0 and at most 1, but is 0.0",
                "delivery.reload-share | 1.01 | above 0 and at most 1, but is 1.01",
                "delivery.reload-share | NaN | above 0 and at most 1, but is NaN",
                "delivery.console-timeout | 0s | 100ms to 60s, but is 0s",
                "delivery.login-timeout | 2m | 100ms to 60s, but is 120s",
                "delivery.login-timeout | PT0.0000001S | 100ms to 60s, but is PT0.0000001S",
                "delivery.patience | 999ms | 1s to 3600s, but is 999ms",
                "removed-roles.most | 0 | 1 to 100000, but is 0",
                "removed-roles.age | 59m | 3600s to 31536000s, but is 3540s",
                "removed-roles.pause | 59s | 60s to 604800s, but is 59s",
                "upstream.timeout | 99ms | 100ms to 60s, but is 99ms",
                "status.pending-after | 61s | 0s to 60s, but is 61s",
                "health.pools-max-age | 61s | 0s to 60s, but is 61s",
                "operator.namespace | a.b | the name of a namespace, but is a.b",
                "status.counts-every | 2h | 0s to 3600s, but is 7200s"
            })
    void a_setting_out_of_its_range_is_told_with_property_range_and_value(String property, String value, String words) {
        assertThat(broken(Map.of("tenantpool." + property, value)))
                .containsExactly("tenantpool." + property + " must be " + words);
    }

    @ParameterizedTest
    @CsvSource({
        "pooler.secret-bytes-per-second, 1000",
        "delivery.proofs-per-upstream, 1",
        "delivery.proofs-per-upstream, 1000",
        "delivery.poll-interval, 10ms",
        "delivery.reload-share, 1",
        "delivery.login-timeout, 1m",
        "delivery.patience, 1h",
        "removed-roles.most, 100000",
        "removed-roles.age, 1h",
        "removed-roles.pause, 7d",
        "upstream.timeout, 100ms",
        "operator.namespace, tenantpool-system",
        "status.pending-after, 0",
        "status.counts-every, 1h"
    })
    void the_bounds_belong_to_the_range(String property, String value) {
        assertThat(broken(Map.of("tenantpool." + property, value))).isEmpty();
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        assertThat(broken(Map.of(
                        "tenantpool.delivery.proofs-per-upstream", "0", "tenantpool.delivery.reload-share", "2")))
                .hasSize(2);
    }

    private static List<String> broken(Map<String, String> properties) {
        return SettingRanges.broken(new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter()) // as in the operator: 100ms
                .withMapping(TenantpoolConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(TenantpoolConfig.class));
    }
}
