package io.tenantpool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/** PoolerClusters of any shape, as many as a test class wants; all of them go when it ends. */
public final class PoolerStages
        implements ExecutionCondition,
                BeforeAllCallback,
                AfterAllCallback,
                AfterTestExecutionCallback,
                LifecycleMethodExecutionExceptionHandler {
    private final List<PoolerStage> stages = new ArrayList<>();
    private @Nullable ClusterUnderTest cluster;
    private String purpose = "";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return ClusterUnderTest.isThere(context);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ClusterUnderTest opened = ClusterUnderTest.of(context);
        cluster = opened;
        opened.operator();
        purpose = context.getRequiredTestClass()
                .getSimpleName()
                .replaceAll("ClusterIT$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> diagnose());
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        diagnose();
        throw failure;
    }

    private void diagnose() {
        stages.forEach(stage -> System.out.println(ClusterDiagnosis.of(
                cluster(), stage.namespace(), stage.tenants().name())));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            if (cluster != null) {
                cluster.failIfForbidden();
            }
        } finally {
            stages.forEach(PoolerStage::close);
            stages.clear();
        }
    }

    /** The cluster, with its operator and its PostgreSQL. */
    public ClusterUnderTest cluster() {
        return Objects.requireNonNull(cluster, "before the first test");
    }

    /**
     * A namespace for poolers and one for Tenants, both empty.
     *
     * @param poolerCluster the name of the PoolerCluster to come
     */
    public PoolerStage empty(String poolerCluster) {
        ClusterUnderTest opened = cluster();
        String poolers = opened.createPoolerNamespace(purpose, Map.of());
        String team = opened.createNamespace(purpose + "-team", Map.of("tenantpool.io/tenants", "true"));
        PoolerStage stage = new PoolerStage(
                opened, poolers, poolerCluster, new TenantNamespace(opened.client(), opened.postgres(), team, poolers));
        stages.add(stage);
        return stage;
    }

    /**
     * A PoolerCluster with one upstream.
     *
     * @param connections the contract of its only upstream
     * @param rest listeners, who may use it and whatever else is wanted, two spaces deep
     */
    public PoolerStage with(String connections, String rest) {
        PoolerStage stage = empty("main");
        stage.create(MANIFEST.replace("${connections}", connections).replace("${rest}", rest));
        return stage;
    }

    /** A file of {@code manifests/samples}, with no more than names, addresses and the image replaced. */
    public static String sample(String file) {
        try {
            // The PostgreSQL of the tests has no certificate.
            return Files.readString(
                            BuildDirectory.projectRoot()
                                    .resolve("manifests/samples")
                                    .resolve(file),
                            StandardCharsets.UTF_8)
                    .replace("tls: {caSecretRef: {name: postgres-ca}}", "tls: {mode: Disable}");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static final String MANIFEST = """
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: postgres.db.svc.cluster.local, port: 5432}]}
                tls: {mode: Disable}
                connections: ${connections}
              pod: {resources: {requests: {cpu: 20m, memory: 64Mi}}}
            ${rest}""";
}
