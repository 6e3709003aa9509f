package io.tenantpool.controller;

import static io.tenantpool.testing.Given.clusterSpec;
import static io.tenantpool.testing.Given.poolerCluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ServerTls;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.SettableClock;
import io.tenantpool.testing.TestCertificates;
import io.tenantpool.upstream.FakeServers;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamTrustTest {
    private static final String FIELD = "spec.upstreams[default].tls.caSecretRef: ";
    private static final TestCertificates CA = TestCertificates.ca("the CA");

    private final SecretServer api = new SecretServer();
    private final SettableClock clock = new SettableClock();
    private final UpstreamTrust trust =
            new UpstreamTrust(api.client(), clock, FakeServers.watch("imposter", "PostgreSQL at imposter is another"));

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void a_ca_is_read_from_its_key_and_looked_at_again() {
        api.holdsText("root.pem", CA.certificate());

        var filled = fill(upstream("pg", Upstream.TlsMode.VerifyFull, "root.pem"));

        assertThat(filled.model().serverTls().authorities("default")).contains("BEGIN CERTIFICATE");
        assertThat(filled.model().untrusted()).isEmpty();
        assertThat(filled.report().troubles()).isEmpty();
        assertThat(filled.again()).hasValue(UpstreamTrust.EVERY);
    }

    @Test
    void a_secret_that_is_not_there_is_told_with_the_remedy_and_looked_for_soon() {
        var filled = fill(upstream("pg", Upstream.TlsMode.VerifyCA, null));

        assertThat(filled.report().troubles())
                .containsEntry(
                        "default",
                        FIELD
                                + "there is no Secret 'pg-admin' in namespace poolers; create it with the CA's certificate"
                                + " in its key ca.crt");
        assertThat(filled.model().untrusted()).containsExactly("default");
        assertThat(filled.again()).hasValue(UpstreamTrust.AFTER_TROUBLE);
    }

    @Test
    void a_key_that_is_absent_or_holds_no_ca_is_told() {
        api.holdsText("ca.crt", CA.server("pg").certificate());
        api.holdsText("other", CA.certificate());
        var upstream = upstream("pg", Upstream.TlsMode.VerifyFull, null);

        assertThat(fill(upstream).report().troubles().get("default"))
                .startsWith(
                        FIELD + "key 'ca.crt' of Secret poolers/pg-admin: the certificate of 'CN=server' is not one");
        clock.passes(UpstreamTrust.EVERY);
        assertThat(fill(upstream).report().troubles().get("default"))
                .isEqualTo(FIELD + "Secret poolers/pg-admin has no key 'ca.crt'; put the CA's certificate there");
    }

    @Test
    void a_secret_that_vanishes_takes_away_nothing_that_poolers_serve() {
        api.holdsText("ca.crt", CA.certificate());
        var upstream = upstream("pg", Upstream.TlsMode.VerifyFull, null);
        var before = fill(upstream).model().serverTls();
        clock.passes(Duration.ofMinutes(1));

        var filled = fill(upstream, held(before));

        assertThat(filled.model().serverTls()).isEqualTo(before);
        assertThat(filled.model().untrusted()).isEmpty();
        assertThat(filled.report().troubles()).containsKey("default");
    }

    @Test
    void an_older_schema_s_object_without_tls_is_verified_and_so_refused() {
        var filled = fill(upstream("pg", null, null));

        assertThat(filled.report().troubles().get("default")).startsWith(FIELD + "is not set");
        assertThat(filled.model().untrusted()).containsExactly("default");
        assertThat(api.requests()).isZero();
    }

    @Test
    void a_mode_that_verifies_nobody_reads_nothing() {
        var filled = fill(upstream("pg", Upstream.TlsMode.Disable, null));

        assertThat(filled.model().serverTls()).isEqualTo(ServerTls.PLAIN);
        assertThat(filled.again()).isEmpty();
        assertThat(api.requests()).isZero();
    }

    @Test
    void a_server_that_is_not_believed_is_told() {
        var filled = fill(upstream("imposter", Upstream.TlsMode.Require, null));

        assertThat(filled.report().refused()).containsEntry("default", "PostgreSQL at imposter is another");
    }

    private UpstreamTrust.Filled fill(Upstream upstream, HeldPooler... held) {
        var cluster = poolerCluster();
        cluster.setSpec(clusterSpec(List.of(upstream)));
        return trust.fill(cluster, ClusterResolver.resolve(cluster).model().orElseThrow(), List.of(held));
    }

    private static HeldPooler held(ServerTls tls) {
        return new HeldPooler(
                Given.pooler("transaction"),
                List.of(Given.placed("acme")),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                false,
                Forgetting.NEVER,
                tls);
    }

    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    private static Upstream upstream(String host, Upstream.@Nullable TlsMode mode, @Nullable String key) {
        var ca = mode != null && mode.verifies() ? new Upstream.CaSecretRef("pg-admin", key) : null;
        return new Upstream(
                "default",
                Upstream.Type.Static,
                new Upstream.StaticEndpoints(List.of(new Upstream.Endpoint(host, null, null))),
                mode == null ? null : new Upstream.UpstreamTls(mode, ca),
                null,
                null);
    }
}
