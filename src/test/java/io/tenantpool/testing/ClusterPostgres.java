package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;

/** A real PostgreSQL in a pod, with SCRAM for everybody who comes over the network; its data goes with the pod. */
public final class ClusterPostgres {
    private static final int PORT = 5432;

    // The first pod of a fresh node waits for the image to be unpacked; on a busy disk that took more than two minutes.
    private static final Duration UP_WITHIN = Duration.ofMinutes(8);

    private final String namespace;
    private final String address;
    private final String password;

    private ClusterPostgres(String namespace, String address, String password) {
        this.namespace = namespace;
        this.address = address;
        this.password = password;
    }

    /** Starts a server that accepts this many connections and waits until it answers through its Service. */
    static ClusterPostgres start(KubernetesClient client, String namespace, int maxConnections) {
        String password = UUID.randomUUID().toString();
        client.load(Manifest.stream(
                        MANIFEST,
                        "${image}",
                        ClusterUnderTest.image(),
                        "${password}",
                        password,
                        "${maxConnections}",
                        Integer.toString(maxConnections)))
                .inNamespace(namespace)
                .create();
        Service service =
                client.services().inNamespace(namespace).withName("postgres").require();
        ClusterPostgres server =
                new ClusterPostgres(namespace, service.getSpec().getClusterIP(), password);
        try {
            await("PostgreSQL answers through its Service; does the node have " + ClusterUnderTest.image() + "?")
                    .atMost(UP_WITHIN)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(server::answers);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + ClusterDiagnosis.of(client, namespace), e);
        }
        return server;
    }

    private boolean answers() throws SQLException {
        try (Connection connection = superuser("postgres")) {
            return connection.isValid(5);
        }
    }

    /** The namespace that holds the server and nothing else. */
    public String namespace() {
        return namespace;
    }

    /** The name by which pods reach the server. */
    public String host() {
        return "postgres." + namespace + ".svc.cluster.local";
    }

    /** The address of its Service, which works outside of the cluster's DNS as well. */
    public String address() {
        return address;
    }

    /** From now on the server encrypts for who asks for it and shows this certificate to new connections. */
    public void encrypt(TestCertificates.Pair pair) {
        execute(ServerEncryption.on(pair));
    }

    /** From now on the server does not encrypt. */
    public void encryptNoMore() {
        execute(ServerEncryption.off());
    }

    /** Whether a role has connections, all of them encrypted. */
    public boolean isEncrypted(String role) {
        try (Connection connection = superuser("postgres");
                PreparedStatement statement = connection.prepareStatement("SELECT bool_and(ssl) FROM pg_stat_ssl"
                        + " JOIN pg_stat_activity USING (pid) WHERE usename = ?")) {
            statement.setString(1, role);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    /** A connection as the superuser, for whom PostgreSQL keeps some connections free. */
    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + ":" + PORT + "/" + database + "?connectTimeout=5&socketTimeout=120",
                "postgres",
                password);
    }

    /** Creates the tenant's role and its database. */
    public void createDatabaseAndRole(TestTenant tenant) {
        createRole(tenant);
        createDatabase(tenant);
    }

    /** Creates the tenant's role. */
    public void createRole(TestTenant tenant) {
        execute("CREATE ROLE " + tenant.role() + " LOGIN PASSWORD " + literal(tenant.password()));
    }

    /** Creates the tenant's database; its role must exist. */
    public void createDatabase(TestTenant tenant) {
        // template0 is the only template that nobody can be connected to; copying files is the quicker way without
        // fsync.
        execute(String.format(
                Locale.ROOT,
                "CREATE DATABASE %s OWNER %s TEMPLATE template0 STRATEGY file_copy",
                tenant.database(),
                tenant.role()));
    }

    /** Gives the role another password. */
    public void changePassword(String role, String newPassword) {
        execute("ALTER ROLE " + role + " PASSWORD " + literal(newPassword));
    }

    /** How many connections of clients the server has now, by role, of roles whose name begins like this. */
    static Map<String, Integer> clientConnections(Connection superuser, String prefix) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement("SELECT coalesce(usename::text, '') AS role,"
                + " count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                + " AND starts_with(coalesce(usename::text, ''), ?) GROUP BY 1")) {
            statement.setString(1, prefix);
            Map<String, Integer> connections = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    connections.put(rows.getString(1), rows.getInt(2));
                }
            }
            return connections;
        }
    }

    /** How many connections the server has now from these addresses. */
    public static int connectionsFrom(Connection superuser, Collection<String> addresses) throws SQLException {
        try (PreparedStatement statement =
                superuser.prepareStatement("SELECT count(*) FROM pg_stat_activity WHERE host(client_addr) = ANY (?)")) {
            statement.setArray(1, superuser.createArrayOf("text", addresses.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private void execute(String... statements) {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    // Durability costs time and a test has nothing to lose.
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Secret
            metadata: {name: superuser}
            stringData: {password: "${password}"}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: postgres}
            spec:
              selector: {app: postgres}
              ports: [{name: postgres, port: 5432}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: postgres}
            spec:
              replicas: 1
              selector: {matchLabels: {app: postgres}}
              template:
                metadata: {labels: {app: postgres}}
                spec:
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 0
                  securityContext: {fsGroup: 100}
                  containers:
                  - name: postgres
                    image: ${image}
                    imagePullPolicy: IfNotPresent
                    env:
                    - name: SUPERUSER_PASSWORD
                      valueFrom: {secretKeyRef: {name: superuser, key: password}}
                    command: [sh, -ec]
                    args:
                    - |
                      printf %s "$SUPERUSER_PASSWORD" > /tmp/superuser
                      initdb -D /data/pg -U postgres --pwfile=/tmp/superuser --auth-local=trust --auth-host=scram-sha-256 --no-sync --locale=C --encoding=UTF8
                      echo 'host all all all scram-sha-256' >> /data/pg/pg_hba.conf
                      exec postgres -D /data/pg -c listen_addresses='*' -c unix_socket_directories=/tmp \\
                        -c max_connections=${maxConnections} -c fsync=off -c synchronous_commit=off -c full_page_writes=off \\
                        -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=8GB -c checkpoint_timeout=1h
                    ports: [{containerPort: 5432}]
                    volumeMounts: [{name: data, mountPath: /data}]
                  volumes: [{name: data, emptyDir: {}}]
            """;
}
