package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.testing.Conditions;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TenantNamespace;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both sides have to agree: the Tenant names the PoolerCluster, and the PoolerCluster admits its namespace. */
class AdmissionClusterIT {
    private static final Duration PROMISE = Duration.ofSeconds(5);
    private static final String LABELLED = """
              listeners:
              - {name: transaction, port: 6432, replicas: 2, defaultPoolSize: 4}
              allowedTenants: {namespaces: {from: Selector, selector: {matchLabels: {tenantpool.io/tenants: "true"}}}}
            """;

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static PoolerStage stage;
    private static TestTenant tenant;

    @BeforeAll
    static void serveATenant() {
        stage = STAGES.with("{max: 100}", LABELLED);
        tenant = stage.ready("admitted");
    }

    @Test
    void aNamespaceThatLosesItsLabelIsOutOfEveryPodAndComesBackWithIt() throws Exception {
        revoked(() -> label("null"), () -> label("\"true\""));
    }

    @Test
    void aRuleThatIsNarrowedTakesTheTenantOutOfEveryPodUntilItIsWidened() throws Exception {
        revoked(
                () -> stage.edit("[{\"op\":\"replace\",\"path\":\"/spec/allowedTenants/namespaces\","
                        + "\"value\":{\"from\":\"Same\"}}]"),
                () -> stage.edit(
                        "[{\"op\":\"replace\",\"path\":\"/spec/allowedTenants/namespaces\",\"value\":{\"from\":"
                                + "\"Selector\",\"selector\":{\"matchLabels\":{\"tenantpool.io/tenants\":\"true\"}}}}]"));
    }

    @Test
    void aPoolerClusterThatDoesNotAdmitLooksAsOneThatDoesNotExist() {
        var closed = STAGES.with(
                "{max: 100}", LABELLED.replace("from: Selector", "from: Same").replaceAll(", selector: .*", "}}"));
        stage.tenants().createCredentials(stage.tenants().named("curious"));
        var manifest = stage.tenants().manifest(stage.tenants().named("curious"));
        stage.tenants()
                .apply(manifest.replace("\"curious\"", "forbidden").replace(stage.namespace(), closed.namespace()));
        stage.tenants()
                .apply(manifest.replace("\"curious\"", "absent").replace(stage.namespace(), "no-such-namespace"));

        for (var type : List.of("Accepted", "Programmed", "Ready")) {
            var forbidden = refused("forbidden", type);
            var absent = refused("absent", type);

            assertThat(forbidden.status()).isEqualTo(absent.status()).isEqualTo("False");
            assertThat(forbidden.reason()).isEqualTo(absent.reason()).isEqualTo("PoolerClusterNotFound");
            assertThat(forbidden.message().replace(closed.namespace(), "no-such-namespace"))
                    .isEqualTo(absent.message());
        }
        await("one event each").atMost(PoolerStage.PATIENCE).untilAsserted(() -> {
            assertThat(events("absent")).hasSize(1);
            assertThat(events("forbidden").stream()
                            .map(words -> words.replace(closed.namespace(), "no-such-namespace")))
                    .containsExactlyElementsOf(events("absent"));
        });
    }

    private static Conditions.Reported refused(String name, String type) {
        await(name + " is refused").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.tenants().condition(name, type).status())
                .isEqualTo("False"));
        return stage.tenants().condition(name, type);
    }

    private static List<String> events(String name) {
        return stage.client().v1().events().inNamespace(stage.tenants().name()).list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .map(AdmissionClusterIT::words)
                .toList();
    }

    private static String words(Event event) {
        return event.getType() + " " + event.getReason() + " " + event.getMessage();
    }

    private static void revoked(Runnable revoke, Runnable admit) throws SQLException {
        var clients = clients();
        var binding = stage.tenants().binding(tenant).orElseThrow();

        revoke.run();
        var since = System.nanoTime();
        await("every pod refuses")
                .pollDelay(Duration.ZERO)
                .atMost(PROMISE)
                .until(() -> stage.door("transaction").addresses().stream().noneMatch(AdmissionClusterIT::letsIn));
        await("whoever was connected is out").atMost(PROMISE).until(() -> clients.stream()
                .noneMatch(AdmissionClusterIT::answers));
        System.out.printf("out of every pod after %d ms%n", (System.nanoTime() - since) / 1_000_000);

        var accepted = stage.awaitReason(tenant, "Accepted", "PoolerClusterNotFound");
        assertThat(accepted.message()).contains("there is no PoolerCluster").contains("allowedTenants");
        assertThat(stage.door("transaction").renderedLinesWith(tenant.database()))
                .isEmpty();
        assertThat(bindingSecret()).isEqualTo(binding);
        for (var client : clients) {
            client.close();
        }

        admit.run();
        stage.tenants().awaitReady(List.of(tenant));
        assertThat(stage.door("transaction").refusals(tenant)).isEmpty();
    }

    /** Its applications need it to start again, and what it opens is shut. */
    private static Map<String, String> bindingSecret() {
        return TenantNamespace.decoded(stage.client()
                .secrets()
                .inNamespace(stage.tenants().name())
                .withName(tenant.name() + "-pooler")
                .require());
    }

    private static List<Connection> clients() throws SQLException {
        var clients = new ArrayList<Connection>();
        for (var pod : stage.door("transaction").addresses()) {
            clients.add(PoolerLogin.of(pod, stage.door("transaction").port(), tenant)
                    .open());
        }
        assertThat(clients).hasSize(2).allMatch(AdmissionClusterIT::answers);
        return clients;
    }

    private static boolean letsIn(String pod) {
        return PoolerLogin.of(pod, stage.door("transaction").port(), tenant)
                .refusal()
                .isEmpty();
    }

    private static boolean answers(Connection connection) {
        try (var statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }

    private static void label(String value) {
        stage.client()
                .namespaces()
                .withName(stage.tenants().name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"tenantpool.io/tenants\":" + value + "}}}");
    }
}
