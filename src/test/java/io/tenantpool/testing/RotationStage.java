package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantStatus;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** PostgreSQL, two pooler pods on a local node, the built operator, and one Tenant whose passwords change. */
public final class RotationStage implements AutoCloseable {
    private static final String POOLERS = "poolers";
    private static final String TEAM = "team-a";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final EmbeddedPostgresServer postgres;
    private final ApiServerDouble api;
    private final String tenant;

    /** Starts all of it and waits until the Tenant is Ready; database and owner have its name. */
    public RotationStage(String tenant, String password) {
        this.tenant = tenant;
        PgBouncerProgram program = OperandTier.pgBouncer();
        postgres = opened(OperandTier.postgres(100));
        postgres.createDatabase(tenant, tenant, password);
        api = opened(ApiServerDouble.start());
        opened(LocalNode.start(api, program));
        for (String namespace : List.of(POOLERS, TEAM)) {
            api.client()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        credentials(tenant, password);
        create(POOLER_CLUSTER.formatted(postgres.host(), postgres.port()));
        create(TENANT.formatted(tenant, tenant, tenant));
        opened(OperatorProcess.start(
                api.writeKubeconfig(BuildDirectory.resolve("rotation-" + tenant).resolve("kubeconfig")), Map.of()));
        awaitBinding(tenant, password);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private void create(String yaml) {
        api.client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    public EmbeddedPostgresServer postgres() {
        return postgres;
    }

    /** Writes the Secret {@code <role>-db}. */
    public void credentials(String role, String password) {
        var secrets = api.client().secrets().inNamespace(TEAM);
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(role + "-db")
                .withNamespace(TEAM)
                .addToLabels("tenantpool.io/credentials", "true")
                .endMetadata()
                .withData(Map.of("username", base64(role), "password", base64(password)))
                .build();
        if (secrets.withName(role + "-db").get() == null) {
            secrets.resource(secret).create();
        } else {
            secrets.resource(secret).update();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Names the users of the Tenant, the first of them first. */
    public void users(String... roles) {
        String users = Arrays.stream(roles)
                .map(role ->
                        "{\"name\": \"%s\", \"credentialsSecretRef\": {\"name\": \"%s-db\"}}".formatted(role, role))
                .collect(Collectors.joining(", ", "[", "]"));
        api.client()
                .resources(Tenant.class)
                .inNamespace(TEAM)
                .withName(tenant)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"users\": " + users + "}}");
    }

    /** What the Tenant's status says of this. */
    public Optional<Condition> condition(String type) {
        return status().flatMap(status -> Optional.ofNullable(status.conditions()))
                .flatMap(all -> all.stream()
                        .filter(condition -> type.equals(condition.getType()))
                        .findFirst());
    }

    /** The Tenant's status. */
    public Optional<TenantStatus> status() {
        return api.get(Tenant.class, TEAM, tenant).map(Tenant::getStatus);
    }

    /** Whether the Tenant is Ready for what its spec says now. */
    public boolean isReady() {
        long generation =
                api.get(Tenant.class, TEAM, tenant).orElseThrow().getMetadata().getGeneration();
        return condition("Ready")
                .filter(ready -> "True".equals(ready.getStatus()) && ready.getObservedGeneration() == generation)
                .isPresent();
    }

    /** The login that the binding publishes now, through the Service; empty while there is none. */
    public Optional<PoolerLogin> published() {
        return api.get(Secret.class, TEAM, tenant + "-pooler")
                .map(TenantNamespace::decoded)
                .map(binding -> PoolerLogin.of(binding.getOrDefault("uri", "")).through(address()));
    }

    /** The login of a role through the Service. */
    public PoolerLogin login(String role, String password) {
        return new PoolerLogin(address(), 6432, tenant, role, password);
    }

    private String address() {
        return api.list(Service.class).stream()
                .filter(service -> service.getSpec().getSelector() != null)
                .map(service -> service.getSpec().getClusterIP())
                .findFirst()
                .orElseThrow();
    }

    /** Waits until the binding publishes this login and the Tenant is Ready. */
    public void awaitBinding(String role, String password) {
        await("the binding has " + role)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> published()
                                .filter(login -> login.role().equals(role)
                                        && login.password().equals(password))
                                .isPresent()
                        && isReady());
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private static final String POOLER_CLUSTER = """
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: %s, port: %d}]}
                tls: {mode: Disable}
                connections: {max: 90, reserved: 20}
              listeners: [{name: transaction, port: 6432, replicas: 2, defaultPoolSize: 10}]
              allowedTenants: {namespaces: {from: All}}
              tls: {mode: Disable}
            """;

    private static final String TENANT = """
            apiVersion: tenantpool.io/v1alpha1
            kind: Tenant
            metadata: {name: %s, namespace: team-a}
            spec:
              poolerClusterRef: {name: main, namespace: poolers}
              database: %s
              users: [{name: app, credentialsSecretRef: {name: %s-db}}]
            """;
}
