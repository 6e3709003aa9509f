package io.tenantpool.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairCheckTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void a_star_covers_one_label() {
        assertThat(PairCheck.covers("*.poolers.svc", "main.poolers.svc")).isTrue();
        assertThat(PairCheck.covers("*.poolers.svc", "a.main.poolers.svc")).isFalse();
        assertThat(PairCheck.covers("*.svc", "main.poolers.svc")).isFalse();
        assertThat(PairCheck.covers("*", "main.poolers.svc")).isFalse();
    }

    @Test
    void what_is_missing_is_named() {
        assertThat(PairCheck.check(null, "key", List.of(), NOW).problem().orElseThrow())
                .startsWith("tls.crt is missing");
        assertThat(PairCheck.check("certificate", " ", List.of(), NOW).problem().orElseThrow())
                .startsWith("tls.key is missing");
    }

    @Test
    void a_damaged_text_is_a_problem_and_is_not_repeated() {
        var secret = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";

        assertThat(PairCheck.check(secret, secret, List.of(), NOW).problem().orElseThrow())
                .doesNotContain("c2VjcmV0")
                .doesNotContain("secret");
    }
}
