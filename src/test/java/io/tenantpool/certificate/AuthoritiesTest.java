package io.tenantpool.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.certificate.Authorities.Lifetimes;
import io.tenantpool.model.Secret;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AuthoritiesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Lifetimes LIFETIMES =
            new Lifetimes(Duration.ofDays(900), Duration.ofDays(30), Duration.ofDays(90));

    private final Authorities first = Authorities.read(Map.of(), LIFETIMES).renewed("poolers/main", NOW);

    @Test
    void the_first_authority_signs_at_once() {
        var issued = issued(first, NOW);

        assertThat(first.vouchFor(issued, NOW)).isTrue();
    }

    @Test
    void what_is_stored_reads_back_to_the_same() {
        var again = Authorities.read(text(first.entries(NOW)), LIFETIMES);

        assertThat(text(again.entries(NOW))).isEqualTo(text(first.entries(NOW)));
    }

    @Test
    void an_authority_with_the_key_of_another_is_refused() {
        var mixed = new HashMap<>(text(first.entries(NOW)));
        var other = Authorities.read(Map.of(), LIFETIMES).renewed("poolers/main", NOW);
        mixed.put("authority-0.key", text(other.entries(NOW)).get("authority-0.key"));

        assertThatThrownBy(() -> Authorities.read(mixed, LIFETIMES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a certificate authority and its key do not go together");
    }

    @Test
    void nothing_changes_while_more_than_a_third_of_its_life_is_left() {
        assertThat(first.renewed("poolers/main", NOW.plus(Duration.ofDays(590))))
                .isSameAs(first);
    }

    @Test
    void a_successor_is_published_before_it_signs() {
        var due = NOW.plus(Duration.ofDays(610));
        var both = first.renewed("poolers/main", due);

        assertThat(Pem.certificates(both.published(due))).hasSize(2);
        assertThat(first.vouchFor(issued(both, due), due)).isTrue();
        var overlap = due.plus(Duration.ofDays(30));
        assertThat(first.vouchFor(issued(both, overlap), overlap)).isFalse();
        assertThat(both.vouchFor(issued(both, overlap), overlap)).isTrue();
    }

    @Test
    void an_authority_that_is_over_is_published_no_more() {
        var both = first.renewed("poolers/main", NOW.plus(Duration.ofDays(610)));
        var later = NOW.plus(Duration.ofDays(901));

        assertThat(Pem.certificates(both.renewed("poolers/main", later).published(later)))
                .hasSize(1);
    }

    @Test
    void an_authority_whose_key_is_lost_is_still_published_and_still_vouches() {
        var old = issued(first, NOW);
        var anew = Authorities.read(Map.of(), LIFETIMES)
                .alsoPublishing(first.published(NOW))
                .renewed("poolers/main", NOW);

        assertThat(Pem.certificates(anew.published(NOW))).hasSize(2);
        assertThat(anew.vouchFor(old, NOW)).isTrue();
    }

    @Test
    void what_cannot_be_read_is_not_published() {
        assertThat(first.alsoPublishing("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
                        .published(NOW))
                .isEqualTo(first.published(NOW));
    }

    @Test
    void a_certificate_never_outlives_its_authority() {
        var late = NOW.plus(Duration.ofDays(880));

        assertThat(issued(first, late).getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(900)));
    }

    @Test
    void a_certificate_names_every_host_and_is_good_for_a_server_alone() throws Exception {
        var issued = issued(first, NOW);

        assertThat(issued.getSubjectAlternativeNames().stream().<Object>map(name -> name.get(1)))
                .containsExactly("main-transaction.poolers.svc", "main-transaction.poolers");
        assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(issued.getBasicConstraints()).isEqualTo(-1);
    }

    private static X509Certificate issued(Authorities authorities, Instant now) {
        var pair = authorities.issue(List.of("main-transaction.poolers.svc", "main-transaction.poolers"), now);
        return Pem.certificates(pair.chain()).get(0);
    }

    private static Map<String, String> text(Map<String, Secret> entries) {
        return entries.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().value(), (a, b) -> a, TreeMap::new));
    }
}
