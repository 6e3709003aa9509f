package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.tenantpool.certificate.Authorities;
import io.tenantpool.certificate.ServerCertificates;
import io.tenantpool.model.CertificatePair;
import io.tenantpool.testing.ClusterUnderTest;
import io.tenantpool.testing.Conditions;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.ServedCertificate;
import io.tenantpool.testing.TestTenant;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In an order, because each test leaves the PoolerCluster with another certificate or mode. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TlsClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Authorities AUTHORITIES = Authorities.read(
                    Map.of(), new Authorities.Lifetimes(Duration.ofDays(300), Duration.ofDays(1), Duration.ofDays(90)))
            .renewed("a test", Instant.now());

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    @Order(1)
    void aClientThatKnowsTheBindingAloneVerifiesThePooler() {
        TestTenant tenant = POOLER.tenants().ready("verifying");
        Map<String, String> binding = POOLER.tenants().binding(tenant).orElseThrow();
        assertThat(binding).containsEntry("sslmode", "verify-full").containsKey("ca.crt");
        assertThat(binding.get("uri")).endsWith("?sslmode=verify-full");

        String answer = psql(tenant, "verify", "psql \"$(cat /binding/uri)\" -Atc 'SELECT current_database()'");

        assertThat(answer.strip()).isEqualTo(tenant.database());
    }

    @Test
    @Order(2)
    void aClientInPlainTextIsRefusedByEveryPod() {
        TestTenant tenant = POOLER.tenants().ready("plain");

        assertThat(POOLER.podAddresses()).isNotEmpty().allSatisfy(pod -> assertThat(inPlainText(pod, tenant))
                .hasValueSatisfying(message -> assertThat(message).containsIgnoringCase("SSL required")));
    }

    @Test
    @Order(3)
    void aNamedCertificateIsServedABadOneIsNotAndNobodyIsCut() throws SQLException {
        TestTenant tenant = POOLER.tenants().ready("served");
        CertificatePair good = certificate();
        publish(good.chain(), good.key().value());
        List<String> pods =
                POOLER.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
        try (Connection session = PoolerLogin.of(POOLER.serviceAddress(), PoolerFixture.PORT, tenant)
                        .open();
                Statement statement = session.createStatement()) {
            statement.execute("SELECT 1");

            POOLER.patch("{\"spec\":{\"tls\":{\"certificateSecretRef\":{\"name\":\"pooler-tls\"}}}}");
            await("every pod serves the named certificate").atMost(PATIENCE).until(() -> served(good));
            awaitCondition("True", "CertificateProvided");
            publish(good.chain(), certificate().key().value());
            awaitCondition("False", "CertificateInvalid");

            assertThat(served(good)).isTrue();
            assertThat(POOLER.refusals(tenant)).isEmpty();
            statement.execute("SELECT 1");
        }
        assertThat(POOLER.pods().stream().map(pod -> pod.getMetadata().getUid()))
                .containsExactlyInAnyOrderElementsOf(pods);
    }

    @Test
    @Order(4)
    void theModeChangesWithoutANewPod() {
        TestTenant tenant = POOLER.tenants().ready("mode");
        List<String> pods =
                POOLER.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();

        POOLER.patch("{\"spec\":{\"tls\":{\"mode\":\"Allow\"}}}");
        await("plain text is allowed").atMost(PATIENCE).until(() -> POOLER.podAddresses().stream()
                .allMatch(pod -> inPlainText(pod, tenant).isEmpty()));
        assertThat(POOLER.refusals(tenant)).isEmpty();
        POOLER.patch("{\"spec\":{\"tls\":{\"mode\":\"Require\"}}}");
        await("plain text is refused").atMost(PATIENCE).until(() -> POOLER.podAddresses().stream()
                .noneMatch(pod -> inPlainText(pod, tenant).isEmpty()));

        TestTenant next = POOLER.tenants().ready("after-the-mode");
        assertThat(POOLER.refusals(next)).isEmpty();
        assertThat(POOLER.pods().stream().map(pod -> pod.getMetadata().getUid()))
                .containsExactlyInAnyOrderElementsOf(pods);
    }

    private static void awaitCondition(String status, String reason) {
        await(reason).atMost(PATIENCE).until(() -> Conditions.of(
                        POOLER.poolerCluster().get(), "CertificateValid")
                .filter(condition -> status.equals(condition.status()) && reason.equals(condition.reason()))
                .isPresent());
    }

    private static boolean served(CertificatePair pair) {
        return POOLER.podAddresses().stream()
                .allMatch(pod -> pair.fingerprint().equals(ServedCertificate.fingerprint(pod, PoolerFixture.PORT)));
    }

    private static CertificatePair certificate() {
        String host = "main-transaction." + POOLER.namespace() + ".svc";
        return ServerCertificates.choose(null, "", null, AUTHORITIES, host, List.of(host), Instant.now())
                .pair();
    }

    private static void publish(String chain, String key) {
        POOLER.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("pooler-tls")
                        .withNamespace(POOLER.namespace())
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .withData(Map.of(
                                "tls.crt",
                                encoded(chain),
                                "tls.key",
                                encoded(key),
                                "ca.crt",
                                encoded(AUTHORITIES.published(Instant.now()))))
                        .build())
                .createOr(existing -> existing.update());
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> inPlainText(String host, TestTenant tenant) {
        String url = "jdbc:postgresql://" + host + ":" + PoolerFixture.PORT + "/" + tenant.database()
                + "?sslmode=disable&connectTimeout=5&socketTimeout=10";
        try (Connection connection = DriverManager.getConnection(url, tenant.role(), tenant.password())) {
            return connection.isValid(5) ? Optional.empty() : Optional.of("no answer");
        } catch (SQLException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Runs a command in a pod that has the tenant's binding and nothing else to go by. */
    private static String psql(TestTenant tenant, String name, String command) {
        String manifest = """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  restartPolicy: Never
                  automountServiceAccountToken: false
                  containers:
                  - name: psql
                    image: %s
                    imagePullPolicy: IfNotPresent
                    env: [{name: PGSSLROOTCERT, value: /binding/ca.crt}]
                    command: [sh, -c]
                    args: ['%s']
                    volumeMounts: [{name: binding, mountPath: /binding, readOnly: true}]
                  volumes: [{name: binding, secret: {secretName: %s-pooler}}]
                """.formatted(name, ClusterUnderTest.image(), command.replace("'", "''"), tenant.name());
        Pod pod = (Pod) POOLER.client()
                .load(new java.io.ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .inNamespace(POOLER.tenants().name())
                .create()
                .get(0);
        await("psql has ended").atMost(PATIENCE).until(() -> List.of("Succeeded", "Failed")
                .contains(POOLER.client().resource(pod).get().getStatus().getPhase()));
        return POOLER.client()
                .pods()
                .inNamespace(POOLER.tenants().name())
                .withName(name)
                .getLog();
    }
}
