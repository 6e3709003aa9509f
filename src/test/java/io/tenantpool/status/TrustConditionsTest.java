package io.tenantpool.status;

import static io.tenantpool.testing.Given.CLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.tenantpool.api.v1alpha1.Upstream.TlsMode;
import io.tenantpool.model.CaCertificates;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.TrustReport;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.TestCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a PoolerCluster says of the servers that its poolers verify. */
class TrustConditionsTest {
    private static final Instant YEARS_AHEAD = Given.NOW.plus(Duration.ofDays(3000));

    @Test
    void servers_of_a_good_ca_are_verified() throws Exception {
        assertCondition(report(YEARS_AHEAD, Map.of(), Map.of(), Set.of()), "True", "Verified", "for their host");
    }

    @Test
    void servers_that_the_operator_cannot_ask_about_passwords_are_told() {
        var report = TrustReport.NONE.withUnchecked(new TreeSet<>(Set.of("west")));

        assertThat(conditions(report).list()).singleElement().satisfies((Condition condition) -> {
            assertThat(condition.getType()).isEqualTo("PasswordsChecked");
            assertThat(condition.getReason()).isEqualTo("NotReachable");
            assertThat(condition.getMessage()).contains("cannot ask upstream west");
        });
    }

    @Test
    void who_chose_to_verify_nobody_is_told_nothing() {
        assertThat(conditions(TrustReport.NONE).list()).isEmpty();
    }

    @Test
    void a_ca_that_ends_within_a_month_is_told_with_the_day_and_the_remedy() throws Exception {
        assertCondition(
                report(Given.NOW.plus(Duration.ofDays(29)), Map.of(), Map.of(), Set.of()),
                "True",
                "CaExpiring",
                "upstream default (2026-04-02)");
    }

    @Test
    void a_ca_that_has_ended_is_told() throws Exception {
        assertCondition(
                report(Given.NOW.minus(Duration.ofDays(1)), Map.of(), Map.of(), Set.of()),
                "False",
                "CaExpired",
                "upstream default (2026-03-03)");
    }

    @Test
    void a_secret_that_broke_is_told_with_what_is_in_use_instead() throws Exception {
        assertCondition(
                report(YEARS_AHEAD, Map.of("default", "there is no Secret"), Map.of(), Set.of()),
                "False",
                "CaNotUsable",
                "there is no Secret; the last good certificates stay in use");
    }

    @Test
    void an_upstream_that_nobody_is_let_in_to_is_told() throws Exception {
        assertCondition(
                report(YEARS_AHEAD, Map.of("west", "there is no Secret"), Map.of(), Set.of("west")),
                "False",
                "CaNotUsable",
                "until then nobody new is let in to upstream west");
    }

    @Test
    void plain_text_that_goes_on_against_the_spec_is_told() {
        var troubles = new TreeMap<>(Map.of("default", "there is no Secret"));

        assertCondition(
                new TrustReport(ServerTls.PLAIN, Set.of("default"), troubles, new TreeMap<>(), new TreeSet<>()),
                "False",
                "CaNotUsable",
                "TLS to the servers stays as it was: Disable");
    }

    @Test
    void a_server_that_is_not_believed_is_told() throws Exception {
        assertCondition(
                report(YEARS_AHEAD, Map.of(), Map.of("default", "PostgreSQL at pg does not encrypt"), Set.of()),
                "False",
                "ServerNotVerified",
                "PostgreSQL at pg does not encrypt");
    }

    private static TrustReport report(
            Instant expires, Map<String, String> troubles, Map<String, String> refused, Set<String> untrusted)
            throws CaCertificates.Unusable {
        var ca = CaCertificates.parse(TestCertificates.ca("the CA", expires).certificate());
        return new TrustReport(
                new ServerTls(TlsMode.VerifyFull, new TreeMap<>(Map.of("default", ca.pem()))),
                untrusted,
                new TreeMap<>(troubles),
                new TreeMap<>(refused),
                new TreeSet<>());
    }

    private static void assertCondition(TrustReport report, String status, String reason, String words) {
        assertThat(conditions(report).list()).singleElement().satisfies((Condition condition) -> {
            assertThat(condition.getType()).isEqualTo("UpstreamsVerified");
            assertThat(condition.getStatus()).isEqualTo(status);
            assertThat(condition.getReason()).isEqualTo(reason);
            assertThat(condition.getMessage()).contains(words);
        });
    }

    private static Conditions conditions(TrustReport report) {
        var conditions = new Conditions(null, 1, CLOCK);
        TrustConditions.set(conditions, report, CLOCK.instant());
        return conditions;
    }
}
