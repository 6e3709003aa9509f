package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpBlocksTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3/32",
        "255.255.255.255, 255.255.255.255/32",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1/128",
        "::ffff:10.1.2.3, 10.1.2.3/32"
    })
    void an_address_is_a_block_of_its_own(String host, String block) {
        assertThat(IpBlocks.single(host)).contains(block);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgres", "10.1.2", "256.1.1.1", "010.1.2.3", "10.1.2.3.", "a:b", "1::2::3", "dead.beef", ":"})
    void what_is_no_address_is_a_name_and_nobody_is_asked(String host) {
        assertThat(IpBlocks.single(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "10.1.2.3/32", "::/0", "2001:db8::/32", "2001:db8::1/128"})
    void a_block_has_an_address_and_a_length(String cidr) {
        assertThat(IpBlocks.isBlock(cidr)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/x",
                "::/129",
                "1::2::3/64",
                "::ffff:10.0.0.0/104",
                "host/8",
                "010.0.0.0/8"
            })
    void nothing_else_is_a_block(String cidr) {
        assertThat(IpBlocks.isBlock(cidr)).isFalse();
    }
}
