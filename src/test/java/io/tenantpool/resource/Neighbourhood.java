package io.tenantpool.resource;

import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.testing.PolicyNetwork;
import io.tenantpool.testing.PolicyNetwork.End;
import io.tenantpool.testing.PolicyNetwork.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Everybody who might want to reach a pooler, or be reached by one. */
final class Neighbourhood {
    static final PoolerId SHARED = new PoolerId("poolers", "main", "0", "transaction");
    static final PoolerId SECOND_CELL = new PoolerId("poolers", "main", "1", "transaction");
    static final PoolerId SESSION = new PoolerId("poolers", "main", "0", "session");
    static final PoolerId OTHER_CLUSTER = new PoolerId("poolers", "other", "0", "transaction");
    /** Its tenant lives in team-a. */
    static final PoolerId DEDICATED = new PoolerId("poolers", "main", "0d3f9a41c2", "transaction");

    static final String OPERATOR_NAMESPACE = "tenantpool-system";
    static final int DOOR = 6432;

    private static final Map<String, End> ENDS = new LinkedHashMap<>();

    static {
        pod("team-a", "team-a", Map.of("tenants", "true"), Map.of("app", "web"), "10.0.1.1");
        pod("team-b", "team-b", Map.of("tenants", "true"), Map.of("app", "web"), "10.0.1.2");
        pod("stranger", "strangers", Map.of(), Map.of("app", "web"), "10.0.1.3");
        pod("neighbour", "poolers", Map.of(), Map.of("app", "web"), "10.0.1.4");
        pod("operator", OPERATOR_NAMESPACE, Map.of(), Map.of(Labels.COMPONENT, "operator"), "10.0.1.5");
        pod("beside-operator", OPERATOR_NAMESPACE, Map.of(), Map.of("app", "web"), "10.0.1.6");
        pod("impostor", "strangers", Map.of(), Map.of(Labels.COMPONENT, "operator"), "10.0.1.7");
        pod("monitoring", "monitoring", Map.of("monitors", "all"), Map.of("app", "exporter"), "10.0.1.8");
        pod("postgres", "db", Map.of(), Map.of("app", "postgres"), "10.0.1.9");
        pod("dns", "kube-system", Map.of(), Map.of("app", "dns"), "10.0.1.10");
        pooler("pooler", SHARED, "10.0.2.1");
        pooler("pooler-2", SHARED, "10.0.2.2");
        pooler("second-cell", SECOND_CELL, "10.0.2.3");
        pooler("session-door", SESSION, "10.0.2.4");
        pooler("other-cluster", OTHER_CLUSTER, "10.0.2.5");
        pooler("dedicated", DEDICATED, "10.0.2.6");
        pooler("dedicated-2", DEDICATED, "10.0.2.7");
        ENDS.put("api-server", End.outside("10.96.0.1"));
        ENDS.put("metadata", End.outside("169.254.169.254"));
        ENDS.put("metadata-v6", End.outside("fd00:ec2::254"));
        ENDS.put("internet", End.outside("192.0.2.10"));
        ENDS.put("internet-v6", End.outside("2001:db8::10"));
    }

    private Neighbourhood() {}

    static End end(String name) {
        return Objects.requireNonNull(ENDS.get(name), name);
    }

    /** A pod of a pooler that listens on this port. */
    static End pooler(PoolerId id, String address, int port) {
        return new End(
                address,
                new Pod(id.namespace(), labels(id.namespace(), Map.of()), Labels.of(id), Map.of("postgresql", port)));
    }

    /** Everybody who may open a connection to {@code to}. */
    static Set<String> whoReaches(PolicyNetwork network, String to, int port) {
        var found = new TreeSet<>(ENDS.keySet());
        found.removeIf(from -> !network.connects(end(from), end(to), port));
        return found;
    }

    /** Everybody whom a pod of the shared pooler may open a connection to. */
    static Set<String> whomReaches(PolicyNetwork network, int port) {
        var found = new TreeSet<>(ENDS.keySet());
        found.removeIf(to -> !network.connects(end("pooler"), end(to), port));
        return found;
    }

    private static void pooler(String name, PoolerId id, String address) {
        ENDS.put(name, pooler(id, address, DOOR));
    }

    private static void pod(
            String name, String namespace, Map<String, String> ofNamespace, Map<String, String> labels, String ip) {
        ENDS.put(name, new End(ip, new Pod(namespace, labels(namespace, ofNamespace), labels, Map.of())));
    }

    private static Map<String, String> labels(String namespace, Map<String, String> labels) {
        var all = new TreeMap<>(labels);
        all.put("kubernetes.io/metadata.name", namespace); // as the API server does
        return all;
    }
}
