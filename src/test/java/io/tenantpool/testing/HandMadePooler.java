package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A local node with the pooler of {@code hand-made-pooler.yaml}, which no operator looks after. */
final class HandMadePooler implements AutoCloseable {
    static final String NAMESPACE = "poolers";
    static final String NAME = "pooler";
    /** The annotation that {@code live/self.ini} shows. */
    static final String REVISION = "tenantpool.io/revision";
    /** The annotation that {@code live/peer.ini} shows, which PgBouncer includes. */
    static final String PEER = "tenantpool.io/peer";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ApiServerDouble api;
    private final LocalNode node;

    private HandMadePooler() {
        PgBouncerProgram program = OperandTier.pgBouncer();
        EmbeddedPostgresServer postgres = opened(OperandTier.postgres(30));
        postgres.createDatabase("app", "app", "app-password");
        api = opened(ApiServerDouble.start());
        node = opened(LocalNode.start(api, program));
        node.addHost("postgres.db.svc.cluster.local", 5432, postgres.host(), postgres.port());
    }

    /** Starts it, and returns when its two pods are ready. */
    static HandMadePooler start() {
        HandMadePooler pooler = new HandMadePooler();
        pooler.create();
        await().atMost(Duration.ofSeconds(30)).until(() -> pooler.ready().size() == 2);
        return pooler;
    }

    private void create() {
        publish("rev-1");
        apply(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("settings.ini", "listen_addr = *\nlisten_port = 6432\nunix_socket_dir =\n")
                .build());
        try (InputStream manifest = HandMadePooler.class.getResourceAsStream("hand-made-pooler.yaml")) {
            api.client().load(manifest).items().forEach(this::apply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the Secret with this marker as the last line of its ini file. */
    void publish(String marker) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToStringData("pgbouncer.ini", """
                        [databases]
                        app = host=postgres.db.svc.cluster.local port=5432
                        [pgbouncer]
                        %%include settings/settings.ini
                        %%include live/peer.ini
                        auth_type = hba
                        auth_file = live/userlist.txt
                        auth_hba_file = live/hba.conf
                        admin_users = console
                        pool_mode = transaction
                        syslog_ident = %s
                        """.formatted(marker))
                .addToStringData("userlist.txt", "\"app\" \"app-password\"\n\"console\" \"console-password\"\n")
                .addToStringData("hba.conf", """
                        host app app all scram-sha-256
                        host pgbouncer console all scram-sha-256
                        """)
                .build();
        apply(secret);
    }

    private void apply(HasMetadata object) {
        api.client().resource(object).forceConflicts().serverSideApply();
    }

    ApiServerDouble api() {
        return api;
    }

    LocalNode node() {
        return node;
    }

    List<Pod> ready() {
        return node.pods().stream().filter(LocalNode::isReady).toList();
    }

    /** The pod as it is now; empty when it is gone. */
    Optional<Pod> live(Pod pod) {
        return node.pods().stream()
                .filter(p -> p.getMetadata().getUid().equals(pod.getMetadata().getUid()))
                .findFirst();
    }

    Deployment deployment() {
        return api.get(Deployment.class, NAMESPACE, NAME).orElseThrow();
    }

    /** Changes the Deployment by a merge patch. */
    void patchDeployment(String patch) {
        api.client().resource(deployment()).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    void annotate(Pod pod, String key, String value) {
        String patch = "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(key, value);
        api.client().resource(pod).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    void label(Pod pod, String key, String value) {
        String patch = "{\"metadata\":{\"labels\":{\"%s\":\"%s\"}}}".formatted(key, value);
        api.client().resource(pod).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    String serviceAddress() {
        return api.get(Service.class, NAMESPACE, NAME).orElseThrow().getSpec().getClusterIP();
    }

    /** A file of the directory with the projected volume, as the pod's container sees it. */
    String file(Pod pod, String name) {
        return String.valueOf(node.filesOf(pod.getMetadata().getName()).get("/etc/tenantpool/live/" + name));
    }

    static Connection connect(String host) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":6432/app?connectTimeout=3&loginTimeout=3", "app", "app-password");
    }

    static int select(String host) throws SQLException {
        try (Connection connection = connect(host)) {
            return select(connection);
        }
    }

    static int select(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    static void console(Pod pod, String command) throws SQLException {
        try (Connection connection = console(pod);
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    /** What {@code SHOW CONFIG} says about this setting. */
    static String setting(Pod pod, String key) throws SQLException {
        try (Connection connection = console(pod);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW CONFIG")) {
            while (rows.next()) {
                if (key.equals(rows.getString("key"))) {
                    return rows.getString("value");
                }
            }
            return "";
        }
    }

    private static Connection console(Pod pod) throws SQLException {
        // Without these two the driver sends a SET that the console refuses.
        return DriverManager.getConnection(
                "jdbc:postgresql://" + pod.getStatus().getPodIP() + ":6432/pgbouncer"
                        + "?preferQueryMode=simple&assumeMinServerVersion=9.0&replication=false&connectTimeout=3",
                "console",
                "console-password");
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
