package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HmacTest {
    private final Hmac hmac = new Hmac(new Secret("salt"));

    @Test
    void equal_texts_have_an_equal_digest() {
        assertThat(hmac.of("user", "password"))
                .isEqualTo(hmac.of("user", "password"))
                .hasSize(64);
    }

    @Test
    void who_lacks_the_salt_cannot_find_out_what_was_digested() {
        assertThat(new Hmac(new Secret("another salt")).of("user", "password"))
                .isNotEqualTo(hmac.of("user", "password"));
    }

    @Test
    void the_bounds_of_texts_count() {
        assertThat(hmac.of("ab", "c")).isNotEqualTo(hmac.of("a", "bc"));
    }
}
