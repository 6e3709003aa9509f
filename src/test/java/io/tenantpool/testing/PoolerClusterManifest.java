package io.tenantpool.testing;

import java.io.InputStream;

/**
 * The PoolerCluster that a test class has, with one listener.
 *
 * @param listener its fields, without port and number of pods
 * @param connections the fields of the contract on PostgreSQL's connections
 * @param line of the spec, or nothing
 */
record PoolerClusterManifest(String listener, String connections, String line) {
    // A short grace keeps rollouts short: minReadySeconds follows it. Without a maximum there is no contract: many a
    // test
    // has more tenants than PostgreSQL has connections for.
    static final PoolerClusterManifest DEFAULT = new PoolerClusterManifest(
            "name: transaction, poolMode: Transaction, terminationGracePeriodSeconds: 10", "reserved: 20", "");

    PoolerClusterManifest withListener(String fields) {
        return new PoolerClusterManifest(fields, connections, line);
    }

    PoolerClusterManifest withConnections(String contract) {
        return new PoolerClusterManifest(listener, contract, line);
    }

    PoolerClusterManifest withLine(String more) {
        return new PoolerClusterManifest(listener, connections, more);
    }

    InputStream stream(String postgres, int replicas) {
        return Manifest.stream(
                MANIFEST,
                "${image}",
                ClusterUnderTest.image(),
                "${postgres}",
                postgres,
                "${replicas}",
                Integer.toString(replicas),
                "${listener}",
                listener,
                "${connections}",
                connections,
                "${line}",
                line);
    }

    private static final String MANIFEST = """
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main}
            spec:
              image: ${image}
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: ${postgres}, port: 5432}]}
                tls: {mode: Disable}
                connections: {${connections}}
              listeners:
              - {${listener}, port: 6432, replicas: ${replicas}}
              allowedTenants: {namespaces: {from: All}}
              ${line}
            """;
}
