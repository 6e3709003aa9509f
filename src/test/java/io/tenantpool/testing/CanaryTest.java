package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanaryTest {
    private static final String TEXT = "0123456789abcdefgh";

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "12", "123", "password=", "\"app\" \""})
    void a_text_is_found_wherever_it_stands_in_something_encoded(String before) {
        for (String after : new String[] {"", "x", "xy", "\"\n"}) {
            byte[] around = (before + TEXT + after).getBytes(StandardCharsets.UTF_8);

            assertThat(Canary.of("it", TEXT).in(Base64.getEncoder().encodeToString(around)))
                    .as("%s + text + %s", before, after)
                    .isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcdefg", "MDEyMzQ1Njc4OWFiY2Q="})
    void less_than_the_whole_text_is_not_the_text(String text) {
        assertThat(Canary.of("it", TEXT).in(text)).isEmpty();
    }
}
