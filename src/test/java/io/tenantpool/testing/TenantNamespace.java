package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The namespace of a team that is trusted less: its Tenants and their Secrets, written and read as the team would. */
public final class TenantNamespace {
    static final String API_VERSION = "tenantpool.io/v1alpha1";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CLIENTS = 8;

    private final KubernetesClient client;
    private final ClusterPostgres postgres;
    private final String namespace;
    private final String poolerNamespace;

    TenantNamespace(KubernetesClient client, ClusterPostgres postgres, String namespace, String poolerNamespace) {
        this.client = client;
        this.postgres = postgres;
        this.namespace = namespace;
        this.poolerNamespace = poolerNamespace;
    }

    /** The namespace's name. */
    public String name() {
        return namespace;
    }

    /** What the roles of this namespace's tenants begin with, and nobody else's. */
    public String rolePrefix() {
        return "role_" + namespace.substring(namespace.lastIndexOf('-') + 1) + "_";
    }

    /** Names for a tenant that collide with nobody's: PostgreSQL is shared by all test classes. */
    public TestTenant named(String name) {
        // As long as names are in practice: what a pooler can hold is counted in bytes.
        String unique = namespace.substring(namespace.lastIndexOf('-') + 1) + "_" + name.replace('-', '_');
        return new TestTenant(
                namespace,
                name,
                "app_tenant_" + unique,
                "role_" + unique,
                UUID.randomUUID().toString());
    }

    /** Names for so many tenants. */
    public List<TestTenant> named(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> named(prefix + "-" + i)).toList();
    }

    /** Creates the database, the role and the credentials Secret of these, so that only the Tenant is missing. */
    public void prepare(Collection<TestTenant> tenants) {
        inParallel(tenants, tenant -> {
            postgres.createDatabaseAndRole(tenant);
            createCredentials(tenant);
        });
    }

    /** Creates the Secret with the tenant's role and password. */
    public void createCredentials(TestTenant tenant) {
        createCredentials(tenant.credentialsSecret(), Map.of("username", tenant.role(), "password", tenant.password()));
    }

    /** Creates a credentials Secret with this content. */
    public void createCredentials(String name, Map<String, String> content) {
        client.secrets().inNamespace(namespace).resource(secret(name, content)).create();
    }

    /** Replaces the content of the tenant's credentials Secret. */
    public void changeCredentials(TestTenant tenant) {
        client.secrets()
                .inNamespace(namespace)
                .resource(secret(
                        tenant.credentialsSecret(), Map.of("username", tenant.role(), "password", tenant.password())))
                .forceConflicts()
                .serverSideApply();
    }

    private Secret secret(String name, Map<String, String> content) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("tenantpool.io/credentials", "true")
                .endMetadata()
                // Opaque, for the API server itself refuses a malformed kubernetes.io/basic-auth.
                .withType("Opaque")
                .withStringData(content)
                .build();
    }

    /** Creates a tenant with all that it needs and waits until it is Ready. */
    public TestTenant ready(String name) {
        TestTenant tenant = named(name);
        prepare(List.of(tenant));
        apply(tenant);
        awaitReady(List.of(tenant));
        return tenant;
    }

    /** The same with a pool of this size on the only door. */
    public TestTenant ready(String name, int poolSize) {
        TestTenant tenant = named(name);
        prepare(List.of(tenant));
        apply(manifest(tenant, poolSize));
        awaitReady(List.of(tenant));
        return tenant;
    }

    /** Creates the Tenant object. */
    public GenericKubernetesResource apply(TestTenant tenant) {
        return apply(manifest(tenant));
    }

    /** Creates a Tenant from this manifest. */
    public GenericKubernetesResource apply(String manifest) {
        return tenants().load(Manifest.stream(manifest)).create();
    }

    /** The manifest that {@link #apply(TestTenant)} sends. */
    public String manifest(TestTenant tenant) {
        return Manifest.text(
                MANIFEST,
                "${name}",
                tenant.name(),
                "${poolers}",
                poolerNamespace,
                "${database}",
                tenant.database(),
                "${secret}",
                tenant.credentialsSecret());
    }

    /** The same with a pool of this size on the only door. */
    public String manifest(TestTenant tenant, int poolSize) {
        return manifest(tenant) + "  listeners: [{name: transaction, poolSize: " + poolSize + "}]\n";
    }

    /** Changes the size of the pool on the only door. */
    public void resize(TestTenant tenant, int poolSize) {
        tenants()
                .withName(tenant.name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"listeners\":[{\"name\":\"transaction\",\"poolSize\":" + poolSize + "}]}}");
    }

    /** Creates all these Tenant objects by several clients at once. */
    public void applyAtOnce(Collection<TestTenant> tenants) {
        inParallel(tenants, this::apply);
    }

    /** Waits until each of these is Ready for what its spec says now. */
    public void awaitReady(Collection<TestTenant> tenants) {
        List<String> names = tenants.stream().map(TestTenant::name).toList();
        await("Ready: " + (names.size() > 5 ? names.size() + " tenants" : names))
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(notReady(names)).isEmpty());
    }

    private Map<String, Object> notReady(List<String> names) {
        Map<String, GenericKubernetesResource> live = tenants().list().getItems().stream()
                .collect(Collectors.toMap(tenant -> tenant.getMetadata().getName(), tenant -> tenant));
        Map<String, Object> notReady = new TreeMap<>();
        for (String name : names) {
            GenericKubernetesResource tenant = live.get(name);
            if (tenant == null) {
                notReady.put(name, "does not exist");
            } else if (!isReady(tenant)) {
                notReady.put(name, String.valueOf(tenant.<Object>get("status")));
            }
        }
        return notReady;
    }

    private static boolean isReady(GenericKubernetesResource tenant) {
        return Conditions.of(tenant, "Ready")
                .filter(ready -> "True".equals(ready.status()))
                .filter(ready ->
                        ready.observedGeneration() == tenant.getMetadata().getGeneration())
                .isPresent();
    }

    /** The condition of this type; an absent one is empty in every part. */
    public Conditions.Reported condition(String name, String type) {
        return Optional.ofNullable(tenants().withName(name).get())
                .flatMap(tenant -> Conditions.of(tenant, type))
                .orElse(new Conditions.Reported(type, "", "", "", 0, ""));
    }

    /** Deletes the Tenant object. */
    public void delete(TestTenant tenant) {
        tenants().withName(tenant.name()).delete();
    }

    /** The content of the binding Secret that the Tenant's status names; empty while there is none. */
    public Optional<Map<String, String>> binding(TestTenant tenant) {
        return Optional.ofNullable(tenants().withName(tenant.name()).get())
                .map(live -> live.<String>get("status", "binding", "name"))
                .map(name ->
                        client.secrets().inNamespace(namespace).withName(name).get())
                .map(TenantNamespace::decoded);
    }

    /** Every Secret of the namespace that no test wrote. */
    public List<Secret> secretsOfTheOperator() {
        return client.secrets()
                .inNamespace(namespace)
                .withoutLabel("tenantpool.io/credentials")
                .list()
                .getItems();
    }

    /** The Secret's content as text. */
    public static Map<String, String> decoded(Secret secret) {
        return secret.getData().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8)));
    }

    /** Watches this namespace's Tenants. */
    public ReadyWatch watch() {
        return new ReadyWatch(client, namespace);
    }

    /** The Tenants of this namespace. */
    public NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            tenants() {
        MixedOperation<GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
                all = client.genericKubernetesResources(API_VERSION, "Tenant");
        return all.inNamespace(namespace);
    }

    /** Does this for each of them, several at a time, and fails with the first failure. */
    public static <T> void inParallel(Collection<T> items, Consumer<T> action) {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = items.stream()
                    .<Future<?>>map(item -> clients.submit(() -> action.accept(item)))
                    .toList();
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            clients.shutdownNow();
        }
    }

    private static final String MANIFEST = """
            apiVersion: tenantpool.io/v1alpha1
            kind: Tenant
            metadata: {name: "${name}"}
            spec:
              poolerClusterRef: {name: main, namespace: "${poolers}"}
              upstream: default
              database: "${database}"
              users:
              - {name: app, credentialsSecretRef: {name: "${secret}"}}
            """;
}
