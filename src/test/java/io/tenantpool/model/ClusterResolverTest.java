package io.tenantpool.model;

import static io.tenantpool.testing.Given.clusterSpec;
import static io.tenantpool.testing.Given.poolerCluster;
import static io.tenantpool.testing.Given.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.api.v1alpha1.Listener;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.api.v1alpha1.Upstream.Endpoint;
import io.tenantpool.api.v1alpha1.Upstream.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterResolverTest {
    @Test
    void a_cluster_that_lists_no_listener_gets_the_documented_one() {
        var model = ClusterResolver.resolve(poolerCluster()).model().orElseThrow();

        assertThat(model.listeners())
                .containsExactly(new ListenerModel(
                        "transaction", "Transaction", Upstream.Role.Primary, 6432, 2, 2, null, 1000, 25, 60));
    }

    @Test
    void the_computed_listener_is_that_of_the_api() {
        var spec = clusterSpec(List.of(upstream("default", new Endpoint("pg", 5432, Role.Primary))));

        var explicit = resolve(listening(spec, Listener.computedDefault())).model();

        assertThat(explicit).isPresent().isEqualTo(resolve(spec).model());
    }

    @Test
    void a_listener_that_says_nothing_gets_every_default() {
        var spec = clusterSpec(List.of(upstream("default", new Endpoint("pg", null, null))));

        var model = resolve(listening(spec, listenerSpec("door", 7000))).model();

        assertThat(model.orElseThrow().listeners())
                .containsExactly(new ListenerModel(
                        "door", "Transaction", Upstream.Role.Primary, 7000, 2, 2, null, 1000, 25, 60));
    }

    @Test
    void the_primary_of_an_upstream_is_the_one_that_is_served() {
        var replica = new Endpoint("pg-ro", 5433, Role.Replica);
        var primary = new Endpoint("pg-rw", 5434, Role.Primary);

        var model = resolve(clusterSpec(List.of(upstream("default", replica, primary))))
                .model();

        assertThat(model.orElseThrow().upstreams())
                .containsEntry("default", new UpstreamModel("default", "pg-rw", 5434));
    }

    @Test
    void an_endpoint_without_role_and_port_is_a_primary_on_5432() {
        var model = resolve(clusterSpec(List.of(upstream("default", new Endpoint("pg", null, null)))))
                .model();

        assertThat(model.orElseThrow().upstreams()).containsEntry("default", new UpstreamModel("default", "pg", 5432));
    }

    @Test
    void two_primaries_are_refused_with_the_field() {
        var result = resolve(clusterSpec(
                List.of(upstream("west", new Endpoint("a", 1, Role.Primary), new Endpoint("b", 1, Role.Primary)))));

        assertInvalid(result, "spec.upstreams[west].static.endpoints");
    }

    @Test
    void an_upstream_without_a_primary_is_refused_with_the_field() {
        var result = resolve(clusterSpec(List.of(upstream("west", new Endpoint("a", 1, Role.Replica)))));

        assertInvalid(result, "spec.upstreams[west].static.endpoints");
    }

    @Test
    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    void an_upstream_without_addresses_is_refused_with_the_field() {
        var result = resolve(clusterSpec(List.of(new Upstream("west", Upstream.Type.Static, null, null, null, null))));

        assertInvalid(result, "spec.upstreams[west].static.endpoints");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a,b", "/sock", "@abs", "pg\n* = host=evil", "pg'", "pg port=1", "fe80::1%eth0", "a..b"})
    void a_host_that_is_none_is_refused_whichever_its_role(String host) {
        for (var role : Role.values()) {
            var others = role == Role.Primary ? Role.Replica : Role.Primary;

            var result = resolve(clusterSpec(
                    List.of(upstream("west", new Endpoint("pg", 5432, others), new Endpoint(host, 5432, role)))));

            assertInvalid(result, "spec.upstreams[west].static.endpoints: a host is one DNS name or IP address");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void a_port_that_is_none_is_refused(int port) {
        var result = resolve(clusterSpec(List.of(upstream("west", new Endpoint("pg", port, Role.Primary)))));

        assertInvalid(result, "a port is between 1 and 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-b", "../x", "A", "a/b", "a\nb", "aaaaaaaaaaaaaaaaaaaaa"})
    void a_listener_whose_name_cannot_be_part_of_an_objects_name_is_refused(String name) {
        var spec = clusterSpec(List.of(upstream("default", new Endpoint("pg", null, null))));

        assertInvalid(resolve(listening(spec, listenerSpec(name, 6432))), "spec.listeners: a name has");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "West", "a\nb", "-"})
    void an_upstream_whose_name_is_no_label_is_refused(String name) {
        var result = resolve(clusterSpec(List.of(upstream(name, new Endpoint("pg", null, null)))));

        assertInvalid(result, "spec.upstreams: a name is a DNS label");
    }

    @Test
    void two_listeners_on_one_port_are_refused_with_the_field() {
        var spec = clusterSpec(List.of(upstream("default", new Endpoint("pg", null, null))));

        var result = resolve(listening(spec, listenerSpec("a", 6432), listenerSpec("b", 6432)));

        assertInvalid(result, "spec.listeners[b].port");
    }

    @Test
    void a_port_of_the_system_is_refused_with_the_bounds() {
        var spec = clusterSpec(List.of(upstream("default", new Endpoint("pg", null, null))));

        var result = resolve(listening(spec, listenerSpec("a", 1023)));

        assertInvalid(result, "between 1024 and 65535");
    }

    @Test
    void upstreams_of_two_tls_modes_are_refused_because_a_pooler_has_one() {
        var plain = upstream("default", new Endpoint("pg", null, null));
        var encrypted = new Upstream(
                "west",
                plain.type(),
                plain.staticEndpoints(),
                new Upstream.UpstreamTls(Upstream.TlsMode.Require, null),
                null,
                null);

        var result = resolve(clusterSpec(List.of(plain, encrypted)));

        assertInvalid(result, "every upstream has the same tls.mode, not [Require, Disable]");
    }

    @Test
    void shares_of_all_pods_together_reach_the_pool_size() {
        var listener = new ListenerModel("a", "Transaction", Upstream.Role.Primary, 6432, 3, 3, null, 1000, 25, 60);

        assertThat(listener.share(1)).isEqualTo(1);
        assertThat(listener.share(3)).isEqualTo(1);
        assertThat(listener.share(4)).isEqualTo(2);
        assertThat(listener.share(20)).isEqualTo(7);
    }

    @Test
    void addresses_that_the_api_server_would_refuse_in_a_policy_are_told() {
        var spec = Serialization.unmarshal(
                "upstreams: [{name: default, type: Static, static: {endpoints: [{host: pg}]}, tls: {mode: Disable}}]\n"
                        + "networkPolicy: {upstreamPeers: [{cidr: 10.0.0.0/8}, {podSelector: {}}, {cidr: \"1::2::3/64\"}]}",
                PoolerClusterSpec.class);

        assertInvalid(resolve(spec), "spec.networkPolicy.upstreamPeers: 1::2::3/64 is no block of addresses");
    }

    private static ClusterResolver.Result resolve(PoolerClusterSpec spec) {
        var cluster = poolerCluster();
        cluster.setSpec(spec);
        return ClusterResolver.resolve(cluster);
    }

    private static PoolerClusterSpec listening(PoolerClusterSpec spec, Listener... listeners) {
        return new PoolerClusterSpec(
                spec.engine(),
                spec.image(),
                spec.upstreams(),
                List.of(listeners),
                spec.allowedTenants(),
                spec.cells(),
                spec.tls(),
                spec.pod(),
                spec.networkPolicy());
    }

    private static void assertInvalid(ClusterResolver.Result result, String words) {
        assertThat(result.model()).isEmpty();
        assertThat(result.finding()).hasValueSatisfying(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.Invalid);
            assertThat(finding.message()).contains(words);
        });
    }

    /** A listener that leaves everything to the defaults. */
    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    private static Listener listenerSpec(String name, int port) {
        return new Listener(name, null, port, null, null, null, null, null, null);
    }
}
