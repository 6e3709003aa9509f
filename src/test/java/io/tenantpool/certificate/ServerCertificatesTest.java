package io.tenantpool.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.certificate.Authorities.Lifetimes;
import io.tenantpool.certificate.ServerCertificates.Choice;
import io.tenantpool.certificate.ServerCertificates.Named;
import io.tenantpool.model.CertificatePair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerCertificatesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Lifetimes LIFETIMES =
            new Lifetimes(Duration.ofDays(900), Duration.ofDays(30), Duration.ofDays(90));
    private static final String HELD_BY = "the authorities of what is held";
    private static final String HOST = "main-transaction.poolers.svc";

    private final Authorities own = Authorities.read(Map.of(), LIFETIMES).renewed("poolers/main", NOW);
    private final Authorities others = Authorities.read(Map.of(), LIFETIMES).renewed("somebody", NOW);

    @Test
    void without_a_named_one_the_operator_issues_one() {
        var choice = choose(null, null, NOW);

        assertThat(own.vouchFor(Pem.certificates(choice.pair().chain()).get(0), NOW))
                .isTrue();
        assertThat(choice.problem()).isEmpty();
    }

    @Test
    void an_issued_one_stays_until_a_third_of_its_life_is_left() {
        var held = choose(null, null, NOW).pair();

        assertThat(choose(held, null, NOW.plus(Duration.ofDays(59))).pair()).isEqualTo(held);
        assertThat(choose(held, null, NOW.plus(Duration.ofDays(61))).pair()).isNotEqualTo(held);
    }

    @Test
    void an_issued_one_for_another_host_is_replaced() {
        var held = own.issue(List.of("elsewhere.poolers.svc"), NOW);

        assertThat(choose(held, null, NOW).pair()).isNotEqualTo(held);
    }

    @Test
    void when_none_is_named_any_more_the_operator_issues_one_again() {
        var held = others.issue(List.of(HOST), NOW);

        assertThat(own.vouchFor(
                        Pem.certificates(choose(held, null, NOW).pair().chain()).get(0), NOW))
                .isTrue();
    }

    @Test
    void a_named_one_that_is_good_is_served() {
        var named = others.issue(List.of("*.poolers.svc"), NOW);

        assertThat(choose(null, named(named), NOW).pair().fingerprint()).isEqualTo(named.fingerprint());
    }

    @Test
    void a_named_one_that_is_bad_leaves_the_last_good_one() {
        var held = others.issue(List.of(HOST), NOW);
        var other = others.issue(List.of("elsewhere.poolers.svc"), NOW);

        var choice = choose(held, named(other), NOW);

        assertThat(choice.pair()).isEqualTo(held);
        assertThat(choice.problem().orElseThrow()).contains("it has no DNS name " + HOST);
    }

    @Test
    void a_named_one_that_is_bad_from_the_beginning_is_replaced_by_an_issued_one() {
        var choice = choose(null, new Named("no certificate", "no key", null, null), NOW);

        assertThat(own.vouchFor(Pem.certificates(choice.pair().chain()).get(0), NOW))
                .isTrue();
        assertThat(choice.problem()).isPresent();
    }

    @Test
    void a_named_one_that_clients_would_refuse_by_its_ca_is_not_served() {
        var pair = others.issue(List.of(HOST), NOW);

        var foreign = choose(null, new Named(pair.chain(), pair.key().value(), own.published(NOW), null), NOW);
        var without = choose(null, new Named(pair.chain(), pair.key().value(), null, null), NOW);

        assertThat(foreign.pair().fingerprint()).isNotEqualTo(pair.fingerprint());
        assertThat(foreign.problem().orElseThrow()).startsWith("no certificate in ca.crt has signed");
        assertThat(without.problem().orElseThrow()).startsWith("ca.crt is missing");
    }

    @Test
    void the_last_good_one_keeps_its_own_authorities() {
        var held = others.issue(List.of(HOST), NOW);

        assertThat(choose(held, named(others.issue(List.of("elsewhere"), NOW)), NOW)
                        .authorities())
                .isEqualTo(HELD_BY);
        assertThat(choose(null, named(held), NOW).authorities()).isEqualTo(others.published(NOW));
        assertThat(choose(null, null, NOW).authorities()).isEmpty();
    }

    @Test
    void a_named_one_that_begins_later_is_looked_at_again_then() {
        var later = NOW.plus(Duration.ofHours(3));
        var future = others.issue(List.of(HOST), later);

        var choice = choose(others.issue(List.of(HOST), NOW), named(future), NOW);

        assertThat(choice.problem().orElseThrow()).startsWith("the certificate is not valid before");
        assertThat(choice.again()).isEqualTo(later.minus(Duration.ofHours(1)));
    }

    @Test
    void one_that_the_operator_issued_is_renewed_while_the_named_one_is_bad() {
        var held = choose(null, null, NOW).pair();
        var bad = new Named("no certificate", "no key", null, null);

        assertThat(choose(held, bad, NOW.plus(Duration.ofDays(59))).pair()).isEqualTo(held);
        assertThat(choose(held, bad, NOW.plus(Duration.ofDays(61))).pair()).isNotEqualTo(held);
    }

    @Test
    void a_named_one_that_ended_is_replaced_by_an_issued_one() {
        var held = others.issue(List.of(HOST), NOW);
        var later = NOW.plus(Duration.ofDays(91));

        var choice = choose(held, named(held), later);

        assertThat(choice.pair()).isNotEqualTo(held);
        assertThat(choice.problem().orElseThrow()).contains("ended at 2026-04-01T00:00:00Z; renew it");
    }

    @Test
    void a_named_one_that_is_about_to_end_is_served_and_reported() {
        var held = others.issue(List.of(HOST), NOW);

        var choice = choose(held, named(held), NOW.plus(Duration.ofDays(80)));

        assertThat(choice.pair().fingerprint()).isEqualTo(held.fingerprint());
        assertThat(choice.problem().orElseThrow()).contains("was not renewed; renew it");
    }

    @Test
    void a_named_one_that_cannot_be_read_for_a_moment_is_served_on() {
        var pair = others.issue(List.of(HOST), NOW);

        var choice = choose(pair, new Named(pair.chain(), pair.key().value(), others.published(NOW), "HTTP 500"), NOW);

        assertThat(choice.pair().fingerprint()).isEqualTo(pair.fingerprint());
        assertThat(choice.problem()).contains("HTTP 500");
    }

    @Test
    void the_key_of_another_certificate_is_found_out() {
        var one = others.issue(List.of(HOST), NOW);
        var other = others.issue(List.of(HOST), NOW);

        assertThat(choose(null, new Named(one.chain(), other.key().value(), others.published(NOW), null), NOW)
                        .problem())
                .contains("tls.key is not the key of the first certificate in tls.crt");
    }

    private Choice choose(@Nullable CertificatePair held, @Nullable Named named, Instant now) {
        return ServerCertificates.choose(held, HELD_BY, named, own, HOST, List.of(HOST), now);
    }

    private Named named(CertificatePair pair) {
        return new Named(pair.chain(), pair.key().value(), others.published(NOW), null);
    }
}
