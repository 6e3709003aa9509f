package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream.TlsMode;
import io.tenantpool.model.TrustDecision.Trust;
import io.tenantpool.testing.Given;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TrustDecisionTest {
    private static final CaCertificates A = ca("YQ==");
    private static final CaCertificates B = ca("Yg==");

    @Test
    void what_the_secrets_hold_is_believed() {
        var trust = decide(TlsMode.VerifyFull, Map.of("default", A, "west", B));

        assertThat(trust).isEqualTo(new Trust(tls(TlsMode.VerifyFull, Map.of("default", A, "west", B)), Set.of()));
    }

    @Test
    void a_mode_that_verifies_nobody_needs_no_ca() {
        assertThat(decide(TlsMode.Require, Map.of())).isEqualTo(new Trust(tls(TlsMode.Require, Map.of()), Set.of()));
    }

    @Test
    void the_first_time_an_upstream_without_a_ca_is_closed_and_the_other_open() {
        var trust = decide(TlsMode.VerifyFull, Map.of("west", B));

        assertThat(trust).isEqualTo(new Trust(tls(TlsMode.VerifyFull, Map.of("west", B)), Set.of("default")));
    }

    @Test
    void the_last_good_ca_stays_when_its_secret_vanishes() {
        var before = tls(TlsMode.VerifyFull, Map.of("default", A, "west", B));

        var trust = decide(TlsMode.VerifyFull, Map.of("west", B), held(before));

        assertThat(trust).isEqualTo(new Trust(before, Set.of()));
    }

    @Test
    void the_last_good_ca_of_one_upstream_does_not_vouch_for_another() {
        var trust = decide(
                TlsMode.VerifyFull,
                Map.of("default", B),
                held(tls(TlsMode.VerifyFull, Map.of("default", A, "west", B))));

        assertThat(trust.tls()).isEqualTo(tls(TlsMode.VerifyFull, Map.of("default", B, "west", B)));
    }

    @Test
    void plain_text_goes_on_for_who_is_served_until_servers_can_be_verified_and_nobody_new_comes_in() {
        var trust = decide(TlsMode.VerifyFull, Map.of("west", B), held(ServerTls.PLAIN));

        assertThat(trust).isEqualTo(new Trust(ServerTls.PLAIN, Set.of("default", "west")));
    }

    @Test
    void plain_text_ends_when_every_server_can_be_verified() {
        var trust = decide(TlsMode.VerifyFull, Map.of("default", A, "west", B), held(ServerTls.PLAIN));

        assertThat(trust).isEqualTo(new Trust(tls(TlsMode.VerifyFull, Map.of("default", A, "west", B)), Set.of()));
    }

    @Test
    void poolers_that_serve_nobody_keep_nothing() {
        var idle = Given.held(Given.pooler("transaction"), List.of(), new TreeSet<>());

        assertThat(decide(TlsMode.VerifyFull, Map.of(), idle).untrusted()).containsExactlyInAnyOrder("default", "west");
    }

    @Test
    void a_tenant_whose_upstream_was_removed_keeps_its_server() {
        var before = tls(TlsMode.VerifyFull, Map.of("default", A, "gone", B));
        var tenant = Given.onePool(
                Given.id("acme"),
                "acme",
                "acme",
                new UpstreamModel("gone", "pg", 5432),
                List.of(Given.role("acme")),
                5,
                null);

        var trust = decide(TlsMode.VerifyFull, Map.of("default", A, "west", B), held(before, tenant));

        assertThat(trust.tls()).isEqualTo(tls(TlsMode.VerifyFull, Map.of("default", A, "gone", B, "west", B)));
    }

    @Test
    void a_bundle_reads_back_to_what_each_upstream_believes() {
        var tls = tls(TlsMode.VerifyCA, Map.of("default", A, "west", B, "east", A));

        assertThat(ServerTls.read(TlsMode.VerifyCA, tls.bundle())).isEqualTo(tls);
        assertThat(tls.bundle()).containsOnlyOnce("YQ==");
        assertThat(tls.authorities("east")).contains("YQ==").doesNotContain("Yg==");
    }

    private static Trust decide(TlsMode wanted, Map<String, CaCertificates> found, HeldPooler... held) {
        return new TrustDecision(wanted, found, List.of("default", "west")).decide(List.of(held));
    }

    private static HeldPooler held(ServerTls tls, Placed... tenants) {
        var serving = tenants.length == 0 ? List.of(Given.placed("acme")) : List.of(tenants);
        return new HeldPooler(
                Given.pooler("transaction"),
                serving,
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                false,
                Forgetting.NEVER,
                tls);
    }

    private static ServerTls tls(TlsMode mode, Map<String, CaCertificates> authorities) {
        var pem = new TreeMap<String, SortedSet<String>>();
        authorities.forEach((upstream, ca) -> pem.put(upstream, ca.pem()));
        return new ServerTls(mode, pem);
    }

    /** It is only passed on, so that it needs to be none. */
    private static CaCertificates ca(String base64) {
        var pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
        return new CaCertificates(new TreeSet<>(Set.of(pem)), Instant.MAX);
    }
}
