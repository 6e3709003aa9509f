package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.testing.PolicyNetwork.End;
import io.tenantpool.testing.PolicyNetwork.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the API's documentation, one by one. */
class PolicyNetworkTest {
    private static final End DATABASE = pod("data", "db", "10.0.0.1");
    private static final End APP = pod("apps", "app", "10.0.0.2");
    private static final End NEIGHBOUR = pod("data", "app", "10.0.0.3");
    private static final End ELSEWHERE = pod("apps", "other", "10.0.0.4");
    private static final End OUTSIDE = End.outside("192.0.2.7");

    @Test
    void whom_no_policy_selects_is_free() {
        assertThat(network("{podSelector: {matchLabels: {app: nobody}}}").connects(OUTSIDE, DATABASE, 1))
                .isTrue();
        assertThat(network("{podSelector: {}}").connects(DATABASE, ELSEWHERE, 1))
                .isTrue();
    }

    @Test
    void an_empty_selector_selects_all_pods_of_the_policy_s_namespace_alone() {
        var network = network("{podSelector: {}}");

        assertThat(network.connects(APP, DATABASE, 1)).isFalse();
        assertThat(network.connects(APP, NEIGHBOUR, 1)).isFalse();
        assertThat(network.connects(DATABASE, APP, 1)).isTrue();
    }

    @Test
    void without_types_a_policy_is_for_ingress_and_if_it_has_rules_for_it_for_egress() {
        assertThat(network("{podSelector: {}}").connects(DATABASE, OUTSIDE, 1)).isTrue();
        var both = network("{podSelector: {}, egress: [{ports: [{port: 53}]}]}");
        assertThat(both.connects(DATABASE, OUTSIDE, 1)).isFalse();
        assertThat(both.connects(DATABASE, OUTSIDE, 53)).isTrue();
        assertThat(both.connects(OUTSIDE, DATABASE, 53)).isFalse();
        assertThat(network("{podSelector: {}, policyTypes: [Egress]}").connects(OUTSIDE, DATABASE, 1))
                .isTrue();
    }

    @Test
    void an_empty_rule_lets_everybody_through() {
        assertThat(network("{podSelector: {}, ingress: [{}]}").connects(OUTSIDE, DATABASE, 1))
                .isTrue();
        assertThat(network("{podSelector: {}, ingress: [{from: []}]}").connects(OUTSIDE, DATABASE, 1))
                .isTrue();
    }

    @Test
    void two_selectors_of_one_peer_must_both_match_and_of_two_peers_one() {
        var one = network("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {name: apps}},"
                + " podSelector: {matchLabels: {app: app}}}]}]}");
        assertThat(one.connects(APP, DATABASE, 1)).isTrue();
        assertThat(one.connects(ELSEWHERE, DATABASE, 1)).isFalse();
        assertThat(one.connects(NEIGHBOUR, DATABASE, 1)).isFalse();

        var two = network("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {name: apps}}},"
                + " {podSelector: {matchLabels: {app: app}}}]}]}");
        assertThat(two.connects(ELSEWHERE, DATABASE, 1)).isTrue();
        assertThat(two.connects(NEIGHBOUR, DATABASE, 1)).isTrue();
        assertThat(two.connects(OUTSIDE, DATABASE, 1)).isFalse();
    }

    @Test
    void a_pod_selector_alone_means_the_policy_s_namespace() {
        var network = network("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}");

        assertThat(network.connects(NEIGHBOUR, DATABASE, 1)).isTrue();
        assertThat(network.connects(APP, DATABASE, 1)).isFalse();
    }

    @Test
    void an_empty_namespace_selector_means_the_pods_of_all_namespaces_and_nobody_else() {
        var network = network("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}");

        assertThat(network.connects(APP, DATABASE, 1)).isTrue();
        assertThat(network.connects(OUTSIDE, DATABASE, 1)).isFalse();
    }

    @Test
    void a_block_means_its_addresses_but_for_the_exceptions() {
        var network = network(
                "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]}");

        assertThat(network.connects(DATABASE, OUTSIDE, 1)).isTrue();
        assertThat(network.connects(DATABASE, End.outside("192.0.2.127"), 1)).isTrue();
        assertThat(network.connects(DATABASE, End.outside("192.0.2.128"), 1)).isFalse();
        assertThat(network.connects(DATABASE, End.outside("192.0.3.1"), 1)).isFalse();
        assertThat(network.connects(DATABASE, End.outside("2001:db8::1"), 1)).isFalse();
    }

    @Test
    void whether_a_block_means_pods_is_left_to_the_network() {
        var policy = policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}");

        assertThat(new PolicyNetwork(List.of(policy), true).connects(APP, DATABASE, 1))
                .isTrue();
        assertThat(new PolicyNetwork(List.of(policy), false).connects(APP, DATABASE, 1))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{port: 80} | TCP | 80 | true",
                "{port: 80} | UDP | 80 | false",
                "{port: 80} | TCP | 81 | false",
                "{port: 80, protocol: UDP} | UDP | 80 | true",
                "{port: 80, endPort: 90} | TCP | 90 | true",
                "{port: 80, endPort: 90} | TCP | 91 | false",
                "{port: 80, endPort: 90} | TCP | 79 | false",
                "{protocol: UDP} | UDP | 7 | true",
                "{protocol: UDP} | TCP | 7 | false",
                "{port: sql} | TCP | 5432 | true",
                "{port: sql} | TCP | 5433 | false",
                "{port: none} | TCP | 5432 | false"
            })
    void a_port_is_a_number_a_range_or_the_name_of_one_of_the_destination(
            String port, String protocol, int number, boolean let) {
        var network = network("{podSelector: {}, ingress: [{ports: [" + port + "]}]}");

        assertThat(network.lets(APP, DATABASE, protocol, number)).isEqualTo(let);
    }

    @Test
    void a_connection_needs_the_leave_of_both_sides_and_of_one_policy_on_each() {
        var in = "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}";
        var out = "{podSelector: {}, policyTypes: [Egress]}";
        assertThat(network(in).connects(NEIGHBOUR, DATABASE, 1)).isTrue();
        assertThat(network(in, out).connects(NEIGHBOUR, DATABASE, 1)).isFalse();
        assertThat(network(in, out, "{podSelector: {}, policyTypes: [Egress], egress: [{}]}")
                        .connects(NEIGHBOUR, DATABASE, 1))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{key: name, operator: In, values: [apps, x]} | true",
                "{key: name, operator: NotIn, values: [apps]} | false",
                "{key: none, operator: NotIn, values: [apps]} | true",
                "{key: name, operator: Exists} | true",
                "{key: none, operator: Exists} | false",
                "{key: name, operator: DoesNotExist} | false",
                "{key: none, operator: DoesNotExist} | true"
            })
    void expressions_mean_what_they_mean_everywhere(String expression, boolean let) {
        var network = network("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: ["
                + expression + "]}}]}]}");

        assertThat(network.connects(APP, DATABASE, 1)).isEqualTo(let);
    }

    private static End pod(String namespace, String app, String address) {
        return new End(address, new Pod(namespace, Map.of("name", namespace), Map.of("app", app), Map.of("sql", 5432)));
    }

    private static PolicyNetwork network(String... specs) {
        return new PolicyNetwork(
                Arrays.stream(specs).map(PolicyNetworkTest::policy).toList(), true);
    }

    private static NetworkPolicy policy(String spec) {
        return Serialization.unmarshal(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: data, name: p}\nspec: "
                        + spec,
                NetworkPolicy.class);
    }
}
