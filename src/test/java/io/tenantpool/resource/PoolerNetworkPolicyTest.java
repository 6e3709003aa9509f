package io.tenantpool.resource;

import static io.tenantpool.resource.Neighbourhood.DEDICATED;
import static io.tenantpool.resource.Neighbourhood.DOOR;
import static io.tenantpool.resource.Neighbourhood.OTHER_CLUSTER;
import static io.tenantpool.resource.Neighbourhood.SECOND_CELL;
import static io.tenantpool.resource.Neighbourhood.SESSION;
import static io.tenantpool.resource.Neighbourhood.SHARED;
import static io.tenantpool.resource.Neighbourhood.end;
import static io.tenantpool.resource.Neighbourhood.whoReaches;
import static io.tenantpool.resource.Neighbourhood.whomReaches;
import static io.tenantpool.testing.Given.KEYS;
import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.Given.placed;
import static io.tenantpool.testing.Given.poolerCluster;
import static io.tenantpool.testing.Given.poolerContent;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolerId;
import io.tenantpool.testing.PolicyNetwork;
import io.tenantpool.testing.PolicyNetwork.End;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may reach whom, over the objects as they are rendered; the cluster of the tests enforces no policies. */
class PoolerNetworkPolicyTest {
    private static final int POSTGRESQL = 5432;
    private static final int HTTPS = 443;
    private static final int DNS = 53;

    private static final String BY_LABEL = "allowedTenants: {namespaces: {from: Selector, selector: {matchLabels:"
            + " {tenants: \"true\"}}}, dedicated: true}\n";

    private static final String UPSTREAM = "upstreams: [{name: default, type: Static, static: {endpoints:"
            + " [{host: %s}]}, tls: {mode: Disable}}]\n";
    private static final String NAMED = UPSTREAM.formatted("pg.db.svc");

    private static final Optional<String> OPERATOR = Optional.of(Neighbourhood.OPERATOR_NAMESPACE);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_shared_door_is_reached_from_the_namespaces_that_are_let_in_its_own_pods_and_the_operator(boolean blocks) {
        var network = network(blocks, NAMED + BY_LABEL);

        assertThat(whoReaches(network, "pooler", DOOR))
                .containsExactlyInAnyOrder("team-a", "team-b", "operator", "pooler", "pooler-2");
        assertThat(whoReaches(network, "pooler", 8080)).isEmpty();
        assertThat(whoReaches(network, "pooler", POSTGRESQL)).isEmpty();
        assertThat(whoReaches(network, "second-cell", DOOR))
                .containsExactlyInAnyOrder("team-a", "team-b", "operator", "second-cell");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_dedicated_door_is_reached_from_its_tenant_s_namespace_its_own_pods_and_the_operator(boolean blocks) {
        for (var allowed : List.of(BY_LABEL, "allowedTenants: {namespaces: {from: All}, dedicated: true}\n")) {
            assertThat(whoReaches(network(blocks, NAMED + allowed), "dedicated", DOOR))
                    .containsExactlyInAnyOrder("team-a", "operator", "dedicated", "dedicated-2");
        }
    }

    @Test
    void without_a_rule_the_poolercluster_s_own_namespace_is_let_in() {
        for (var allowed : List.of("", "allowedTenants: {namespaces: {from: Same}}\n")) {
            // The other poolers are pods of that namespace and may not leave for this door themselves.
            assertThat(whoReaches(network(true, NAMED + allowed), "pooler", DOOR))
                    .containsExactlyInAnyOrder("neighbour", "operator", "pooler", "pooler-2");
        }
    }

    @Test
    void all_namespaces_are_pods_of_the_cluster_and_nobody_outside() {
        assertThat(whoReaches(network(true, NAMED + "allowedTenants: {namespaces: {from: All}}\n"), "pooler", DOOR))
                .contains("stranger", "impostor", "team-a")
                .doesNotContain("internet", "internet-v6", "api-server", "second-cell", "other-cluster", "dedicated");
    }

    @Test
    void monitoring_is_let_in_where_it_is_named() {
        var network = network(
                true, NAMED + BY_LABEL + "networkPolicy: {monitoringNamespaces: {matchLabels: {monitors: all}}}\n");

        assertThat(network.connects(end("monitoring"), end("pooler"), DOOR)).isTrue();
        assertThat(network.connects(end("monitoring"), end("dedicated"), DOOR)).isTrue();
        assertThat(network.connects(end("stranger"), end("pooler"), DOOR)).isFalse();
        assertThat(network(true, NAMED + BY_LABEL).connects(end("monitoring"), end("pooler"), DOOR))
                .isFalse();
    }

    @Test
    void an_operator_whose_namespace_is_unknown_is_not_named_and_nobody_is_let_in_instead() {
        var policies = List.of(policy(SHARED, cluster(NAMED + BY_LABEL), Optional.empty()));

        assertThat(whoReaches(new PolicyNetwork(policies, true), "pooler", DOOR))
                .doesNotContain("operator", "beside-operator", "impostor", "internet")
                .contains("team-a", "team-b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_with_a_host_name_may_be_anywhere_and_no_other_port_is(boolean blocks) {
        var network = network(blocks, NAMED + BY_LABEL);

        assertThat(whomReaches(network, POSTGRESQL))
                .contains("postgres", "internet", "internet-v6", "api-server")
                .doesNotContain("metadata", "metadata-v6");
        assertThat(whomReaches(network, HTTPS)).isEmpty();
        assertThat(whomReaches(network, 80)).isEmpty();
        assertThat(whomReaches(network, DOOR)).containsExactlyInAnyOrder("pooler", "pooler-2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_with_an_address_is_that_address_alone(boolean blocks) {
        assertThat(whomReaches(network(blocks, UPSTREAM.formatted("192.0.2.10") + BY_LABEL), POSTGRESQL))
                .containsExactly("internet");
        assertThat(whomReaches(network(blocks, UPSTREAM.formatted("\"2001:db8::10\"") + BY_LABEL), POSTGRESQL))
                .containsExactly("internet-v6");
        assertThat(whomReaches(network(blocks, UPSTREAM.formatted("\"::ffff:192.0.2.10\"") + BY_LABEL), POSTGRESQL))
                .containsExactly("internet");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_with_a_host_name_is_where_the_platform_team_says_it_is(boolean blocks) {
        var pods = "networkPolicy: {upstreamPeers: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name:"
                + " db}}, podSelector: {matchLabels: {app: postgres}}}]}\n";
        assertThat(whomReaches(network(blocks, NAMED + BY_LABEL + pods), POSTGRESQL))
                .containsExactly("postgres");
        var addresses = "networkPolicy: {upstreamPeers: [{cidr: 192.0.2.0/24}, {cidr: \"2001:db8::/32\"}]}\n";
        assertThat(whomReaches(network(blocks, NAMED + BY_LABEL + addresses), POSTGRESQL))
                .containsExactly("internet", "internet-v6");
    }

    @Test
    void every_pooler_asks_for_names_over_udp_and_tcp() {
        var network = network(true, NAMED + BY_LABEL);

        for (var pooler : List.of("pooler", "dedicated", "session-door")) {
            assertThat(network.lets(end(pooler), end("dns"), "UDP", DNS)).isTrue();
            assertThat(network.lets(end(pooler), end("dns"), "TCP", DNS)).isTrue();
            assertThat(network.lets(end(pooler), end("dns"), "UDP", DNS + 1)).isFalse();
        }
    }

    @Test
    void a_door_to_replicas_reaches_replicas_alone() {
        var spec = "upstreams: [{name: default, type: Static, static: {endpoints: [{host: 192.0.2.10},"
                + " {host: 192.0.2.11, role: Replica, port: 5433}, {host: 192.0.2.12, role: Replica, port: 5433}]},"
                + " tls: {mode: Disable}}]\n"
                + "listeners: [{name: transaction, port: 6432}, {name: session, port: 6433, target: Replica}]\n";
        var network = new PolicyNetwork(
                List.of(policy(SHARED, cluster(spec), OPERATOR), policy(SESSION, cluster(spec), OPERATOR)), true);

        assertThat(network.connects(end("pooler"), End.outside("192.0.2.10"), 5432))
                .isTrue();
        assertThat(network.connects(end("pooler"), End.outside("192.0.2.11"), 5433))
                .isFalse();
        assertThat(network.connects(end("session-door"), End.outside("192.0.2.10"), 5432))
                .isFalse();
        assertThat(network.connects(end("session-door"), End.outside("192.0.2.11"), 5433))
                .isTrue();
        assertThat(network.connects(end("session-door"), End.outside("192.0.2.12"), 5433))
                .isTrue();
    }

    @Test
    void a_server_that_left_the_spec_is_reached_while_a_tenant_is_served_from_it() {
        var network = new PolicyNetwork(
                List.of(policy(DEDICATED, cluster(UPSTREAM.formatted("192.0.2.10")), OPERATOR)), true);

        // The tenant of the Dedicated cell is on pg-rw.db.svc, which is no upstream any more.
        assertThat(network.connects(end("dedicated"), end("postgres"), POSTGRESQL))
                .isTrue();
    }

    @Test
    void a_door_is_named_and_not_numbered_so_that_it_is_open_while_its_port_changes() {
        var network = network(true, NAMED + BY_LABEL);
        var older = Neighbourhood.pooler(SHARED, "10.0.2.9", 7000);

        assertThat(network.connects(end("team-a"), older, 7000)).isTrue();
        assertThat(network.connects(end("team-a"), older, DOOR)).isFalse();
        assertThat(network.connects(end("pooler"), older, 7000)).isTrue();
    }

    @Test
    void a_policy_does_not_depend_on_the_tenants_of_a_shared_cell() {
        var empty = poolerContent(SHARED, listener("transaction", DOOR), List.of(), new TreeMap<>(), KEYS);
        var one = poolerContent(SHARED, listener("transaction", DOOR), List.of(placed("a")), new TreeMap<>(), KEYS);
        var cluster = cluster(UPSTREAM.formatted("pg-rw.db.svc"));
        var model = ClusterResolver.resolve(cluster).model().orElseThrow();

        assertThat(PoolerNetworkPolicy.desired(one, model, cluster, OPERATOR))
                .isEqualTo(PoolerNetworkPolicy.desired(empty, model, cluster, OPERATOR));
    }

    @Test
    void no_policy_is_wanted_only_where_it_is_switched_off() {
        assertThat(PoolerNetworkPolicy.isWanted(poolerCluster())).isTrue();
        assertThat(PoolerNetworkPolicy.isWanted(cluster(NAMED + "networkPolicy: {}")))
                .isTrue();
        assertThat(PoolerNetworkPolicy.isWanted(cluster(NAMED + "networkPolicy: {enabled: true}")))
                .isTrue();
        assertThat(PoolerNetworkPolicy.isWanted(cluster(NAMED + "networkPolicy: {enabled: false}")))
                .isFalse();
    }

    private static PolicyNetwork network(boolean blocksHoldPods, String spec) {
        var cluster = cluster(spec);
        return new PolicyNetwork(
                Set.of(SHARED, SECOND_CELL, SESSION, OTHER_CLUSTER, DEDICATED).stream()
                        .map(id -> policy(id, cluster, OPERATOR))
                        .toList(),
                blocksHoldPods);
    }

    private static NetworkPolicy policy(PoolerId id, PoolerCluster cluster, Optional<String> operator) {
        var model = ClusterResolver.resolve(cluster).model().orElseThrow();
        var door = model.listener(id.listener()).orElseGet(() -> listener(id.listener(), DOOR));
        var tenants = id.isDedicated() ? List.of(placed("a")) : List.<Placed>of();
        return PoolerNetworkPolicy.desired(
                poolerContent(id, door, tenants, new TreeMap<>(), KEYS), model, cluster, operator);
    }

    private static PoolerCluster cluster(String spec) {
        var cluster = poolerCluster();
        cluster.setSpec(Serialization.unmarshal(spec, PoolerClusterSpec.class));
        return cluster;
    }
}
