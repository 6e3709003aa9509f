package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.testing.TestCertificates;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CaCertificatesTest {
    private static final Instant LATE = Instant.parse("2035-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2036-01-01T00:00:00Z");

    private final TestCertificates ca = TestCertificates.ca("the CA", LATE);

    @Test
    void a_certificate_has_the_same_text_however_it_was_written() throws Exception {
        var once = CaCertificates.parse(ca.certificate());

        var again = CaCertificates.parse("a comment\r\n" + ca.certificate().replace("\n", "\r\n") + ca.certificate());

        assertThat(again).isEqualTo(once);
        assertThat(once.pem()).hasSize(1);
    }

    @Test
    void of_several_certificates_the_last_end_counts() throws Exception {
        var next = TestCertificates.ca("the next CA", LATER);

        var both = CaCertificates.parse(next.certificate() + ca.certificate());

        assertThat(both.pem()).hasSize(2);
        assertThat(both.expires()).isEqualTo(LATER);
        assertThat(CaCertificates.expiry(both.pem())).isEqualTo(LATER);
    }

    @Test
    void a_private_key_beside_it_is_left_out() throws Exception {
        var pair = ca.server("pg");

        var read = CaCertificates.parse(pair.key() + ca.certificate());

        assertThat(String.join("", read.pem())).doesNotContain("PRIVATE KEY");
    }

    @Test
    void a_server_that_signed_its_own_certificate_is_its_own_authority() throws Exception {
        assertThat(CaCertificates.parse(TestCertificates.selfSigned("pg")).pem())
                .hasSize(1);
    }

    @Test
    void the_certificate_of_a_server_is_refused_by_its_name() {
        assertThatThrownBy(() -> CaCertificates.parse(ca.server("pg").certificate()))
                .isInstanceOf(CaCertificates.Unusable.class)
                .hasMessage("the certificate of 'CN=server' is not one of a CA, so it verifies nobody: take the"
                        + " certificate of the CA that signed the server's");
    }

    @Test
    void a_text_without_a_certificate_is_refused() {
        assertThatThrownBy(() -> CaCertificates.parse(ca.server("pg").key()))
                .isInstanceOf(CaCertificates.Unusable.class)
                .hasMessageContaining("no certificate in it");
    }

    @Test
    void a_certificate_that_was_cut_is_refused() {
        var text = ca.certificate();
        var cut = text.substring(0, text.length() / 2).strip() + "\n-----END CERTIFICATE-----\n";

        assertThatThrownBy(() -> CaCertificates.parse(cut))
                .isInstanceOf(CaCertificates.Unusable.class)
                .hasMessageContaining("damaged, or not all of it is there");
    }

    @Test
    void more_certificates_than_poolers_can_read_each_time_are_refused() {
        var many = IntStream.range(0, 70)
                .mapToObj(i -> TestCertificates.ca("CA " + i).certificate())
                .collect(Collectors.joining());

        assertThatThrownBy(() -> CaCertificates.parse(many))
                .isInstanceOf(CaCertificates.Unusable.class)
                .hasMessageContaining("more than 32768");
    }
}
