package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.ClusterPostgres;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.TestCertificates;
import io.tenantpool.testing.TestTenant;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real pods in front of a PostgreSQL that encrypts, and that poolers and operator verify. */
class ServerTlsClusterIT {
    private static final TestCertificates CA = TestCertificates.ca("the CA");

    @RegisterExtension
    static final PoolerStages STAGES = new PoolerStages();

    @BeforeAll
    static void encrypt() {
        ClusterPostgres postgres = STAGES.cluster().postgres();
        postgres.encrypt(CA.server(postgres.host(), postgres.address()));
    }

    @AfterAll
    static void encryptNoMore() {
        STAGES.cluster().postgres().encryptNoMore();
    }

    @Test
    void aServerIsVerifiedByItsNameAndACaThatVanishesTakesNobodyDown() {
        PoolerStage stage = stage(STAGES.cluster().postgres().host());
        TestTenant first = stage.ready("first");
        try (var connection = login(stage, first).open();
                var statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            assertThat(STAGES.cluster().postgres().isEncrypted(first.role())).isTrue();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }

        stage.client()
                .secrets()
                .inNamespace(stage.namespace())
                .withName("pg-ca")
                .delete();

        await("the PoolerCluster says so").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.condition("UpstreamsVerified").reason())
                .isEqualTo("CaNotUsable"));
        TestTenant second = stage.ready("second");
        assertThat(login(stage, first).refusal()).isEmpty();
        assertThat(login(stage, second).refusal()).isEmpty();
    }

    @Test
    void aPasswordThatPostgresqlDoesNotKnowYetWaitsForIt() {
        PoolerStage stage = stage(STAGES.cluster().postgres().address()); // the operator has no cluster DNS here
        TestTenant old = stage.ready("rotated");
        TestTenant rotated = old.withPassword("another password");

        stage.tenants().changeCredentials(rotated);
        stage.awaitReason(old, "Accepted", "PasswordRejected");
        assertThat(login(stage, old).refusal()).isEmpty();
        assertThat(stage.tenants().binding(old).orElseThrow()).containsEntry("password", old.password());

        STAGES.cluster().postgres().changePassword(old.role(), rotated.password());
        await("the binding has the new password").atMost(PoolerStage.PATIENCE).untilAsserted(() -> assertThat(
                        stage.tenants().binding(old).orElse(Map.of()))
                .containsEntry("password", rotated.password()));
        assertThat(login(stage, rotated).refusal()).isEmpty();
        stage.awaitReason(old, "Accepted", "Accepted");
    }

    private static PoolerLogin login(PoolerStage stage, TestTenant tenant) {
        String address = stage.client()
                .services()
                .inNamespace(stage.namespace())
                .withName("main-transaction")
                .require()
                .getSpec()
                .getClusterIP();
        return PoolerLogin.of(address, 6432, tenant);
    }

    private static PoolerStage stage(String host) {
        PoolerStage stage = STAGES.empty("main");
        String ca = Base64.getEncoder().encodeToString(CA.certificate().getBytes(StandardCharsets.UTF_8));
        stage.create(MANIFEST.formatted(ca, host));
        return stage;
    }

    private static final String MANIFEST = """
            apiVersion: v1
            kind: Secret
            metadata: {name: pg-ca, namespace: poolers}
            data: {ca.crt: %s}
            ---
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: "%s", port: 5432}]}
                tls: {caSecretRef: {name: pg-ca}}
                connections: {max: 200, reserved: 20}
              listeners: [{name: transaction, port: 6432, replicas: 1, terminationGracePeriodSeconds: 10}]
              allowedTenants: {namespaces: {from: All}}
              tls: {mode: Disable}
              pod: {resources: {requests: {cpu: 20m, memory: 64Mi}}}
            """;
}
