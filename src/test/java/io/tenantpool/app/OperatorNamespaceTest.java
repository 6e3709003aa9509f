package io.tenantpool.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tenantpool.config.TenantpoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorNamespaceTest {
    @Test
    void the_namespace_of_the_service_account_is_the_operator_s_own(@TempDir Path directory) throws IOException {
        assertThat(OperatorNamespace.of(config(Map.of()), mounted(directory, "tenantpool-system\n")))
                .contains("tenantpool-system");
    }

    @Test
    void the_setting_goes_before_what_is_mounted(@TempDir Path directory) throws IOException {
        assertThat(OperatorNamespace.of(
                        config(Map.of("tenantpool.operator.namespace", "ours")), mounted(directory, "theirs")))
                .contains("ours");
    }

    @Test
    void outside_of_a_cluster_there_is_none(@TempDir Path directory) throws IOException {
        assertThat(OperatorNamespace.of(config(Map.of()), directory.resolve("absent")))
                .isEmpty();
        assertThat(OperatorNamespace.of(config(Map.of()), mounted(directory, " \n")))
                .isEmpty();
    }

    private static Path mounted(Path directory, String text) throws IOException {
        return Files.writeString(directory.resolve("namespace"), text);
    }

    private static TenantpoolConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(TenantpoolConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(TenantpoolConfig.class);
    }
}
