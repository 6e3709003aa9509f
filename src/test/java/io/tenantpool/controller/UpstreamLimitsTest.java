package io.tenantpool.controller;

import static io.tenantpool.testing.Given.clusterSpec;
import static io.tenantpool.testing.Given.poolerCluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.LocalSecretRef;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus.BudgetStatus;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.Contract;
import io.tenantpool.model.Secret;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.TrustDecision;
import io.tenantpool.testing.SettableClock;
import io.tenantpool.upstream.FakeServers;
import io.tenantpool.upstream.Server;
import io.tenantpool.upstream.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamLimitsTest {
    private static final String FIELD = "spec.upstreams[default].adminSecretRef: ";

    private final SecretServer api = new SecretServer();
    private final FakeServers servers = new FakeServers();
    private final SettableClock clock = new SettableClock();

    private final UpstreamLimits limits = new UpstreamLimits(api.client(), clock, servers.limits());

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void the_limit_is_what_the_server_leaves_to_tenants() {
        api.holds("admin", "p");
        servers.has("pg", 100);

        var filled = fill(live());

        assertThat(contract(filled)).isEqualTo(new Contract(97, 0, 100, true));
        assertThat(filled.troubles()).isEmpty();
        assertThat(filled.again()).isEmpty();
        assertThat(servers.asked()).containsExactly(new Server("pg", 5432, "admin", new Secret("p"), Transport.PLAIN));
    }

    @Test
    void a_contract_that_is_written_down_asks_nobody() {
        var cluster = poolerCluster();
        cluster.setSpec(clusterSpec(List.of(upstream("default", new Upstream.Connections(50, 5, null), "pg-admin"))));

        assertThat(contract(fill(cluster)).max()).isEqualTo(50);
        assertThat(servers.asked()).isEmpty();
        assertThat(api.requests()).isZero();
    }

    @Test
    void a_server_that_has_not_told_yet_leaves_the_contract_pending() {
        api.holds("admin", "p");

        var filled = fill(live());

        assertThat(contract(filled).isPending()).isTrue();
        assertThat(filled.troubles()).isEmpty();
    }

    @Test
    void after_a_restart_while_the_server_is_down_the_reported_limit_holds() {
        api.holds("admin", "p");
        servers.fails("pg", "PostgreSQL at pg:5432 gave no answer");

        var filled = fill(reported(live(), 97));

        assertThat(contract(filled).max()).isEqualTo(97);
        assertThat(filled.troubles())
                .containsEntry(
                        "default",
                        FIELD + "PostgreSQL at pg:5432 gave no answer; correct the server or the Secret, or set"
                                + " connections.max");
        assertThat(filled.again()).contains(AdminSecrets.EVERY);
    }

    @Test
    void the_server_s_own_answer_goes_before_the_reported_one() {
        api.holds("admin", "p");
        servers.has("pg", 200);

        assertThat(contract(fill(reported(live(), 97))).max()).isEqualTo(197);
    }

    @Test
    void a_budget_without_a_number_is_no_contract() {
        api.holds("admin", "p");

        assertThat(contract(fill(reported(live(), null))).isPending()).isTrue();
    }

    @Test
    void a_secret_that_is_missing_is_told_with_the_field_and_looked_for_again() {
        api.fails(404);

        var filled = fill(live());

        assertThat(contract(filled).isPending()).isTrue();
        assertThat(filled.troubles().get("default"))
                .isEqualTo(FIELD + "there is no Secret 'pg-admin' in namespace poolers; create it with the keys"
                        + " username and password");
        assertThat(filled.again()).contains(Duration.ofSeconds(30));
        assertThat(servers.asked()).isEmpty();
    }

    @Test
    void upstreams_that_share_a_secret_share_the_read() {
        api.holds("admin", "p");
        servers.has("pg", 100);
        var cluster = poolerCluster();
        cluster.setSpec(clusterSpec(List.of(
                upstream("default", null, "pg-admin"),
                upstream("second", new Upstream.Connections(null, 7, 200), "pg-admin"))));

        var contracts = fill(cluster).model().contracts();

        assertThat(contracts.get("default")).isEqualTo(new Contract(97, 0, 100, true));
        assertThat(contracts.get("second")).isEqualTo(new Contract(97, 7, 200, true));
        assertThat(api.requests()).isEqualTo(1);
    }

    @Test
    void a_corrected_password_is_used_after_the_pause() {
        api.holdsOnce("admin", "old");
        api.holdsOnce("admin", "new");
        fill(live());
        clock.passes(AdminSecrets.EVERY);

        fill(live());

        assertThat(servers.asked())
                .extracting(server -> server.password().value())
                .containsExactly("old", "new");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void an_api_server_that_refuses_breaks_nothing_and_what_was_read_holds(int code) {
        api.holdsOnce("admin", "p");
        api.fails(code);
        servers.has("pg", 100);
        fill(live());
        clock.passes(AdminSecrets.EVERY);

        var filled = fill(live());

        assertThat(contract(filled).max()).isEqualTo(97);
        assertThat(filled.troubles().get("default")).startsWith(FIELD).contains("Secret poolers/pg-admin");
    }

    @Test
    void a_secret_that_vanishes_takes_away_no_contract() {
        api.holdsOnce("admin", "p");
        api.fails(404);
        servers.has("pg", 100);
        fill(live());
        clock.passes(AdminSecrets.EVERY);

        var filled = fill(live());

        assertThat(contract(filled).max()).isEqualTo(97);
        assertThat(filled.troubles().get("default")).contains("there is no Secret 'pg-admin'");
    }

    @Test
    void an_upstream_whose_contract_is_written_down_later_is_asked_no_more() {
        api.holds("admin", "p");
        servers.has("pg", 100);
        fill(live());
        var cluster = poolerCluster();
        cluster.setSpec(clusterSpec(List.of(upstream("default", new Upstream.Connections(50, 5, null), "pg-admin"))));
        fill(cluster);

        servers.timePasses();

        assertThat(servers.asked()).hasSize(1);
    }

    @Test
    void a_poolercluster_that_is_forgotten_is_read_and_asked_anew() {
        api.holds("admin", "p");
        servers.has("pg", 100);
        fill(live());

        limits.forget("uid-main");
        fill(live());

        assertThat(api.requests()).isEqualTo(2);
        assertThat(servers.asked()).hasSize(2);
    }

    private UpstreamLimits.Filled fill(PoolerCluster cluster) {
        var model = ClusterResolver.resolve(cluster).model().orElseThrow();
        return limits.fill(cluster, model.withTrust(new TrustDecision.Trust(ServerTls.PLAIN, Set.of())));
    }

    private static Contract contract(UpstreamLimits.Filled filled) {
        return Objects.requireNonNull(filled.model().contracts().get("default"));
    }

    private static PoolerCluster live() {
        var cluster = poolerCluster();
        cluster.setSpec(clusterSpec(List.of(upstream("default", null, "pg-admin"))));
        return cluster;
    }

    private static PoolerCluster reported(PoolerCluster cluster, @Nullable Integer max) {
        var budget = new BudgetStatus("default", Upstream.Role.Primary, max, 0, 0, max);
        cluster.setStatus(new PoolerClusterStatus(3L, null, null, null, List.of(budget)));
        return cluster;
    }

    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    private static Upstream upstream(String name, Upstream.@Nullable Connections connections, String secret) {
        return new Upstream(
                name,
                Upstream.Type.Static,
                new Upstream.StaticEndpoints(List.of(new Upstream.Endpoint("pg", null, null))),
                new Upstream.UpstreamTls(Upstream.TlsMode.Disable, null),
                connections,
                new LocalSecretRef(secret));
    }
}
