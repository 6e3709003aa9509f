package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.Canary;
import io.tenantpool.testing.OperatorProcess;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.ProcessTexts;
import io.tenantpool.testing.SecretHunt;
import io.tenantpool.testing.TenantNamespace;
import io.tenantpool.testing.TestTenant;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Passwords and private keys that are nowhere by accident, searched for wherever somebody without a Secret may look. */
class SecretsStaySecretClusterIT {
    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern USER_LIST_LINE = Pattern.compile("\"([^\"]+)\" \"([A-Za-z0-9+/=_-]{16,})\"");

    // As much as anybody could ask of it by accident or while searching for a fault.
    private static final Map<String, String> TALKATIVE = Map.of(
            "quarkus.log.level", "TRACE",
            "quarkus.log.category.\"io.tenantpool\".level", "TRACE",
            "quarkus.log.category.\"io.javaoperatorsdk\".level", "TRACE",
            "quarkus.log.category.\"io.fabric8\".level", "TRACE",
            "quarkus.log.category.\"io.vertx\".level", "TRACE",
            "quarkus.log.category.\"io.netty\".level", "TRACE");

    private static final Map<String, String> PASSWORDS = new HashMap<>();
    private static PoolerStage stage;
    private static OperatorProcess operator;

    @BeforeAll
    static void letEverythingHappenThatHasToDoWithAPassword() {
        operator = STAGES.cluster().restartOperator(TALKATIVE);
        stage = STAGES.empty("main");
        createPoolerClusterThatAsksItsServer();

        ready("good", secret("good"));
        ready("odd", "\"'%s = $1;\\ {}#" + secret("odd") + "' --");
        TestTenant wrong = tenant("wrong", secret("wrong"));
        STAGES.cluster().postgres().createDatabaseAndRole(wrong.withPassword(secret("server side")));
        stage.tenants().createCredentials(wrong);
        stage.apply(wrong);
        TestTenant broken = tenant("broken", secret("before a line break") + "\n" + secret("after a line break"));
        stage.tenants().createCredentials(broken);
        stage.apply(broken);
        TestTenant rotated = ready("rotated", secret("old"));
        rotate(rotated.withPassword(secret("new")));
        TestTenant removed = ready("removed", secret("removed"));
        stage.tenants().delete(removed);
        stage.awaitGone(removed);

        stage.awaitReason(broken, "Accepted", "CredentialsInvalid");
        await("the wrong password was noticed")
                .atMost(PoolerStage.PATIENCE)
                .until(() ->
                        stage.tenants().condition("wrong", "Ready").message().contains("password"));
        assertThat(login(rotated.withPassword(secret("of a client"))).refusal()).isPresent();
    }

    @AfterAll
    static void makeTheOperatorQuietAgain() {
        STAGES.cluster().restartOperator();
    }

    @Test
    void noPasswordAndNoPrivateKeyIsAnywhereButInSecrets() throws Exception {
        Canary planted = Canary.of("planted", Canary.random());
        plant(planted);
        List<Canary> canaries = canaries();
        canaries.add(planted);
        assertThat(canaries).extracting(Canary::name).anyMatch(name -> name.endsWith(".key"));

        SecretHunt hunt = new SecretHunt(canaries);
        hunt.searchEveryObject(stage.client());
        searchTheOperator(hunt);
        searchThePoolers(hunt);

        System.out.println("Canaries: " + hunt.counts());
        assertThat(hunt.hits())
                .as("the search finds what is there, and nothing else is there")
                .containsOnly(new SecretHunt.Hit(
                        "planted", "ConfigMap " + stage.tenants().name() + "/planted"));
        assertThat(hunt.kinds())
                .contains("v1/Pod", "v1/Event", "v1/ConfigMap", "tenantpool.io/v1alpha1/Tenant", "apps/v1/Deployment")
                .doesNotContain("v1/Secret");
    }

    @Test
    void everyLineOfTheLogIsOneRecordAndOnlyTheOperatorItselfSaysMoreThanInfo() throws Exception {
        List<JsonNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(operator.log())) {
            records.add(JSON.readTree(line));
        }

        assertThat(records).isNotEmpty().allSatisfy(record -> assertThat(record.fieldNames())
                .toIterable()
                .contains("timestamp", "level", "loggerName", "message"));
        assertThat(records)
                .filteredOn(record ->
                        List.of("DEBUG", "TRACE").contains(record.path("level").asText()))
                .isNotEmpty()
                .allSatisfy(
                        record -> assertThat(record.path("loggerName").asText()).startsWith("io.tenantpool."));
    }

    private static void searchTheOperator(SecretHunt hunt) throws Exception {
        hunt.search("the operator's log", Files.readString(operator.log(), StandardCharsets.UTF_8));
        for (String page : List.of(
                "/q/metrics",
                "/q/health",
                "/q/health/live",
                "/q/health/ready",
                "/q/health/started",
                "/health/pools/" + stage.namespace() + "/main")) {
            hunt.search(page, operator.text(page));
        }
        String process = ProcessTexts.argumentsAndEnvironment(operator.handle());
        assertThat(process).contains("quarkus-run.jar", "KUBECONFIG");
        hunt.search("arguments and environment of the operator", process);
        String threads = ProcessTexts.threads(operator.handle());
        assertThat(threads).contains("tenantpool-delivery", "java.specification.version");
        hunt.search("threads and properties of the operator", threads);
    }

    private static void searchThePoolers(SecretHunt hunt) {
        List<Pod> pods = stage.door("transaction").pods();
        assertThat(pods).hasSize(2);
        for (Pod pod : pods) {
            String name = pod.getMetadata().getName();
            String log = stage.client().pods().resource(pod).getLog();
            assertThat(log).contains("PgBouncer");
            hunt.search("log of " + name, log);
            String processes = ProcessTexts.argumentsAndEnvironment(stage.client(), pod);
            assertThat(processes).contains("pgbouncer", "PATH=");
            hunt.search("arguments and environment in " + name, processes);
        }
    }

    /** The passwords of this test, and everything that the operator made up. */
    private static List<Canary> canaries() {
        List<Canary> canaries = new ArrayList<>();
        PASSWORDS.forEach((name, text) -> canaries.add(Canary.of("password " + name, text)));
        stage.client()
                .secrets()
                .inNamespace(stage.namespace())
                .list()
                .getItems()
                .forEach(secret -> {
                    String of = secret.getMetadata().getName() + "/";
                    TenantNamespace.decoded(secret).forEach((key, text) -> {
                        if (text.contains("PRIVATE KEY")) {
                            canaries.add(Canary.ofKey(of + key, text));
                        } else if (key.endsWith("console-password") || "salt".equals(key)) {
                            canaries.add(Canary.of(of + key, text));
                        } else if ("userlist.txt".equals(key)) {
                            Matcher line = USER_LIST_LINE.matcher(text);
                            while (line.find()) {
                                canaries.add(Canary.of(of + key + " of " + line.group(1), line.group(2)));
                            }
                        }
                    });
                });
        return canaries;
    }

    private static void plant(Canary canary) {
        String text = canary.forms().iterator().next();
        String encoded = Base64.getEncoder().encodeToString(("x" + text).getBytes(StandardCharsets.UTF_8));
        stage.client()
                .configMaps()
                .inNamespace(stage.tenants().name())
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("planted")
                        .endMetadata()
                        .addToData("note", "encoded: " + encoded)
                        .build())
                .create();
    }

    private static void createPoolerClusterThatAsksItsServer() {
        TestTenant admin = tenant("admin", secret("of the role that reads settings"));
        STAGES.cluster().postgres().createRole(admin);
        // The operator asks the server itself, and runs where the cluster's names do not resolve.
        String server = stage.client()
                .services()
                .inNamespace(STAGES.cluster().postgres().namespace())
                .withName("postgres")
                .require()
                .getSpec()
                .getClusterIP();
        stage.create(POOLER_CLUSTER
                .replace("${server}", server)
                .replace("${role}", admin.role())
                .replace("${password}", admin.password()));
    }

    /** What is searched for is a part of the password; whatever else is in it may be written differently elsewhere. */
    private static String secret(String name) {
        return PASSWORDS.computeIfAbsent(name, key -> Canary.random());
    }

    private static TestTenant tenant(String name, String password) {
        return stage.tenants().named(name).withPassword(password);
    }

    private static TestTenant ready(String name, String password) {
        TestTenant tenant = tenant(name, password);
        stage.tenants().prepare(List.of(tenant));
        stage.apply(tenant);
        stage.tenants().awaitReady(List.of(tenant));
        return tenant;
    }

    private static void rotate(TestTenant rotated) {
        STAGES.cluster().postgres().changePassword(rotated.role(), rotated.password());
        stage.tenants().changeCredentials(rotated);
        await("the binding has the new password").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.tenants().binding(rotated).orElse(Map.of()))
                .containsEntry("password", rotated.password()));
    }

    private static PoolerLogin login(TestTenant tenant) {
        String address =
                stage.door("transaction").service().orElseThrow().getSpec().getClusterIP();
        return PoolerLogin.of(address, 6432, tenant);
    }

    // Without a line on TLS for clients: they have to use it.
    private static final String POOLER_CLUSTER = """
            apiVersion: v1
            kind: Secret
            metadata: {name: pg-admin, namespace: poolers}
            stringData: {username: "${role}", password: "${password}"}
            ---
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: ${server}, port: 5432}]}
                tls: {mode: Disable}
                connections: {reserved: 20}
                adminSecretRef: {name: pg-admin}
              listeners:
              - {name: transaction, poolMode: Transaction, port: 6432, replicas: 2, defaultPoolSize: 2, terminationGracePeriodSeconds: 10}
              allowedTenants: {namespaces: {from: All}}
              pod: {resources: {requests: {cpu: 20m, memory: 64Mi}}}
            """;
}
