package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalNodeOperandIT {
    private static final String FIRST_INI = """
            [databases]
            app = host=postgres.db.svc.cluster.local port=5432
            [pgbouncer]
            %include settings/settings.ini
            auth_type = hba
            auth_file = live/userlist.txt
            auth_hba_file = live/hba.conf
            admin_users = console
            syslog_ident = rev-1
            """;
    private static final String SECOND_INI = FIRST_INI.replace("rev-1", "rev-2");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private ApiServerDouble api;

    @SuppressWarnings("NullAway.Init")
    private LocalNode node;

    @BeforeEach
    void start() {
        PgBouncerProgram program = OperandTier.pgBouncer();
        EmbeddedPostgresServer postgres = opened(OperandTier.postgres(30));
        postgres.createDatabase("app", "app", "app-password");
        api = opened(ApiServerDouble.start());
        node = opened(LocalNode.start(api, program));
        node.addHost("postgres.db.svc.cluster.local", 5432, postgres.host(), postgres.port());
        apply(FIRST_INI);
        await().atMost(Duration.ofSeconds(30)).until(() -> ready().size() == 2);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void a_deployment_runs_real_poolers_that_one_can_log_in_through() throws SQLException {
        for (Pod pod : ready()) {
            assertThat(select(pod.getStatus().getPodIP())).isEqualTo(1);
            assertThat(pod.getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .getState()
                            .getRunning()
                            .getStartedAt())
                    .isNotBlank();
        }
        assertThat(select(serviceAddress())).isEqualTo(1);
        await().untilAsserted(() -> {
            assertThat(deployment().getStatus().getAvailableReplicas()).isEqualTo(2);
            assertThat(deployment().getStatus().getObservedGeneration())
                    .isEqualTo(deployment().getMetadata().getGeneration());
        });
        assertThat(node.failures()).isEmpty();
    }

    @Test
    void a_changed_annotation_brings_the_new_secret_into_the_pod() throws SQLException {
        Pod kicked = ready().get(0);
        Pod other = ready().get(1);
        apply(SECOND_INI);

        api.client()
                .resource(kicked)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"tenantpool.io/revision\":\"two\"}}}");

        await().untilAsserted(() -> assertThat(ini(kicked)).contains("rev-2"));
        assertThat(node.filesOf(kicked.getMetadata().getName()).get("/etc/tenantpool/live/self.ini"))
                .isEqualTo("two");
        assertThat(ini(other)).contains("rev-1");
        await().untilAsserted(() -> {
            console(kicked, "RELOAD");
            assertThat(marker(kicked)).isEqualTo("rev-2");
        });
        assertThat(marker(other)).isEqualTo("rev-1");
    }

    @Test
    void a_killed_process_is_started_again_with_the_newest_files() {
        Pod pod = ready().get(0);
        apply(SECOND_INI);

        node.killProcess(pod.getMetadata().getName());

        await().ignoreExceptions().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(marker(pod))
                .isEqualTo("rev-2"));
        await().untilAsserted(() -> assertThat(live(pod)
                        .orElseThrow()
                        .getStatus()
                        .getContainerStatuses()
                        .get(0)
                        .getRestartCount())
                .isEqualTo(1));
    }

    @Test
    void a_deleted_pod_leaves_the_service_and_is_replaced() {
        Pod pod = ready().get(0);
        api.client().resource(pod).delete();

        await().atMost(Duration.ofSeconds(15)).until(() -> live(pod).isEmpty() && ready().size() == 2);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(select(serviceAddress())).isEqualTo(1));
    }

    @Test
    void a_pod_that_is_switched_off_gets_no_traffic() {
        for (Pod pod : ready()) {
            api.client()
                    .resource(pod)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"labels\":{\"tenantpool.io/traffic\":\"off\"}}}");
        }
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> select(serviceAddress())).isInstanceOf(SQLException.class));
    }

    @Test
    void a_changed_template_replaces_the_pods_and_always_keeps_two_ready() {
        List<String> before =
                ready().stream().map(p -> p.getMetadata().getUid()).toList();
        api.client().resource(deployment()).edit(d -> {
            d.getSpec().getTemplate().getMetadata().setAnnotations(Map.of("rollout", "1"));
            return d;
        });

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    List<Pod> ready = ready();
                    assertThat(ready).hasSizeGreaterThanOrEqualTo(2);
                    return node.pods().size() == 2
                            && ready.stream()
                                    .noneMatch(
                                            p -> before.contains(p.getMetadata().getUid()));
                });
    }

    @Test
    void closing_the_node_leaves_no_process_behind() {
        long before = poolers();
        assertThat(before).isEqualTo(2);
        node.close();
        opened.remove(node);
        assertThat(poolers()).isZero();
    }

    private static long poolers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .commandLine()
                        .map(line -> line.contains("pgbouncer.ini"))
                        .orElse(false))
                .count();
    }

    private void apply(String ini) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName("pooler")
                .withNamespace("poolers")
                .endMetadata()
                .addToStringData("pgbouncer.ini", ini)
                .addToStringData("userlist.txt", "\"app\" \"app-password\"\n\"console\" \"console-password\"\n")
                .addToStringData("hba.conf", """
                        host app app all scram-sha-256
                        host pgbouncer console all scram-sha-256
                        """)
                .build();
        api.client().resource(secret).forceConflicts().serverSideApply();
        api.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("settings")
                        .withNamespace("poolers")
                        .endMetadata()
                        .addToData("settings.ini", "listen_addr = *\nlisten_port = 6432\nunix_socket_dir =\n")
                        .build())
                .serverSideApply();
        api.client()
                .load(manifest())
                .items()
                .forEach(item -> api.client().resource(item).forceConflicts().serverSideApply());
    }

    private static InputStream manifest() {
        return Optional.ofNullable(LocalNodeOperandIT.class.getResourceAsStream("hand-made-pooler.yaml"))
                .orElseThrow();
    }

    private List<Pod> ready() {
        return node.pods().stream().filter(LocalNode::isReady).toList();
    }

    private Optional<Pod> live(Pod pod) {
        return node.pods().stream()
                .filter(p -> p.getMetadata().getUid().equals(pod.getMetadata().getUid()))
                .findFirst();
    }

    private Deployment deployment() {
        return api.get(Deployment.class, "poolers", "pooler").orElseThrow();
    }

    private String serviceAddress() {
        return api.get(Service.class, "poolers", "pooler")
                .orElseThrow()
                .getSpec()
                .getClusterIP();
    }

    private String ini(Pod pod) {
        return String.valueOf(node.filesOf(pod.getMetadata().getName()).get("/etc/tenantpool/live/pgbouncer.ini"));
    }

    private static int select(String host) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + host + ":6432/app?connectTimeout=3&loginTimeout=3",
                        "app",
                        "app-password");
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void console(Pod pod, String command) throws SQLException {
        try (Connection connection = console(pod);
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private static String marker(Pod pod) throws SQLException {
        try (Connection connection = console(pod);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW CONFIG")) {
            while (rows.next()) {
                if ("syslog_ident".equals(rows.getString("key"))) {
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
        opened.add(resource);
        return resource;
    }
}
