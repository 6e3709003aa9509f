package io.tenantpool.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.api.v1alpha1.AllowedTenants.From;
import io.tenantpool.api.v1alpha1.ClientTlsMode;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Listener;
import io.tenantpool.api.v1alpha1.Listener.PoolMode;
import io.tenantpool.api.v1alpha1.LocalSecretRef;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterRef;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec.ClientTls;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec.Engine;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.api.v1alpha1.TenantUser;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.api.v1alpha1.Upstream.Role;
import io.tenantpool.testing.ApiServerUnderTest;
import io.tenantpool.testing.CommittedCrds;
import io.tenantpool.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real API server makes of our objects: defaults, columns, merging by key, and the samples. */
@ExtendWith(ApiServerUnderTest.class)
@TestInstance(Lifecycle.PER_CLASS)
class CustomResourceBehaviourApiServerIT {
    private static final PatchContext APPLY_STATUS = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("tenantpool-status")
            .withForce(true)
            .build();

    private final KubernetesClient client = ApiServerUnderTest.client();
    private final TestNamespace namespace = TestNamespace.create(client, "crd");

    @BeforeAll
    void install() {
        CommittedCrds.install(client);
    }

    @AfterAll
    void remove() {
        namespace.close();
    }

    @Test
    void aNewTenantWaitsVisiblyForTheOperator() {
        var created = client.resource(tenant("fresh")).create();

        assertThat(created.getSpec().upstream()).isEqualTo(TenantSpec.DEFAULT_UPSTREAM);
        assertThat(created.getSpec().poolName()).isNull();
        for (var seen : List.of(created, client.resource(created).get())) {
            assertThat(conditions(seen))
                    .extracting(Condition::getType, Condition::getStatus, Condition::getReason, Condition::getMessage)
                    .containsExactly(
                            tuple("Accepted", "Unknown", Reason.Pending.name(), "Waiting for the operator"),
                            tuple("Programmed", "Unknown", Reason.Pending.name(), "Waiting for the operator"),
                            tuple("Ready", "Unknown", Reason.Pending.name(), "Waiting for the operator"));
        }
    }

    @Test
    void anAppliedConditionReplacesOnlyItsOwnDefault() {
        var created = client.resource(tenant("applied")).create();
        applyReady("applied");

        var status = client.resource(created).get();
        assertThat(conditions(status))
                .extracting(Condition::getType, Condition::getStatus)
                .containsExactlyInAnyOrder(
                        tuple("Accepted", "Unknown"), tuple("Programmed", "Unknown"), tuple("Ready", "True"));
    }

    @Test
    void anIdenticalStatusIsNoChange() {
        client.resource(tenant("same")).create();
        var first = applyReady("same").getMetadata().getResourceVersion();
        assertThat(applyReady("same").getMetadata().getResourceVersion()).isEqualTo(first);
    }

    @Test
    void aPoolerClusterGetsItsDefaults() {
        var listener = new Listener("transaction", null, 6432, null, null, null, null, null, null);
        var spec = client.resource(poolerCluster("defaults", List.of(listener)))
                .create()
                .getSpec();

        assertThat(spec.engine()).isEqualTo(Engine.PgBouncer);
        var namespaces = Objects.requireNonNull(spec.allowedTenants()).namespaces();
        assertThat(Objects.requireNonNull(namespaces).from()).isEqualTo(From.Same);
        assertThat(Objects.requireNonNull(spec.listeners()))
                .containsExactly(new Listener(
                        "transaction",
                        PoolMode.Transaction,
                        6432,
                        Upstream.Role.Primary,
                        null,
                        null,
                        Listener.DEFAULT_MAX_CLIENT_CONNECTIONS_PER_POD,
                        Listener.DEFAULT_POOL_SIZE,
                        Listener.DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS));
        var endpoints = Objects.requireNonNull(spec.upstreams().get(0).staticEndpoints());
        assertThat(endpoints.endpoints())
                .containsExactly(new Upstream.Endpoint("postgres", Upstream.Endpoint.DEFAULT_PORT, Role.Primary));
    }

    @Test
    void aPoolerClusterWithoutListenersStaysWithoutListeners() {
        var spec = client.resource(poolerCluster("no-listeners", null)).create().getSpec();
        assertThat(spec.listeners()).isNull();
    }

    @Test
    void kubectlShowsTheColumnsOfATenant() throws Exception {
        client.resource(tenant("columns")).create();
        var table = table("tenants", "columns");
        assertThat(names(table)).containsExactly("Name", "Pooler", "Database", "Ready", "Reason", "Age");
        assertThat(cells(table)).startsWith("columns", "main", "app_tenant_acme", "Unknown", "Pending");
    }

    @Test
    void kubectlShowsTheColumnsOfAPoolerCluster() throws Exception {
        client.resource(poolerCluster("columns", null)).create();
        var table = table("poolerclusters", "columns");
        assertThat(names(table)).containsExactly("Name", "Engine", "Tenants", "Programmed", "Ready", "Age");
        assertThat(cells(table)).startsWith("columns", "PgBouncer");
    }

    @Test
    void applyingTheDefinitionsAgainChangesNothing() {
        for (var crd : CommittedCrds.read()) {
            var first = CommittedCrds.install(client, crd);
            var second = CommittedCrds.install(client, crd);
            assertThat(second.getMetadata().getResourceVersion())
                    .isEqualTo(first.getMetadata().getResourceVersion());
        }
    }

    /** In a namespace of the test's own, since the ones they name may be in use. */
    @Test
    void everySampleIsAccepted() throws IOException {
        var samples = new ArrayList<HasMetadata>();
        try (var paths = Files.list(Path.of("manifests", "samples"))) {
            for (var path : paths.sorted().toList()) {
                samples.addAll(client.load(Files.newInputStream(path)).items());
            }
        }
        assertThat(samples).extracting(HasMetadata::getKind).contains("PoolerCluster", "Tenant", "Secret", "Namespace");
        for (var sample : samples) {
            if (sample instanceof Namespace) {
                sample.getMetadata().setName(sample.getMetadata().getName() + "-" + namespace.name());
            } else {
                sample.getMetadata().setNamespace(namespace.name());
            }
            client.resource(sample).dryRun().fieldValidation(Validation.STRICT).create();
        }
    }

    private Tenant tenant(String name) {
        var tenant = new Tenant();
        tenant.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace.name())
                .build());
        // Null means absent, as in an object that a person writes; the server fills in the default.
        tenant.setSpec(Serialization.unmarshal("""
                poolerClusterRef: {name: main}
                database: app_tenant_acme
                users: [{name: app, credentialsSecretRef: {name: acme-db}}]
                """, TenantSpec.class));
        assertThat(tenant.getSpec().users()).containsExactly(new TenantUser("app", new LocalSecretRef("acme-db")));
        assertThat(tenant.getSpec().poolerClusterRef()).isEqualTo(new PoolerClusterRef("main", null));
        return tenant;
    }

    private PoolerCluster poolerCluster(String name, @Nullable List<Listener> listeners) {
        var endpoint = new Upstream.Endpoint("postgres", null, null);
        var upstream = new Upstream(
                "default",
                Upstream.Type.Static,
                new Upstream.StaticEndpoints(List.of(endpoint)),
                new Upstream.UpstreamTls(Upstream.TlsMode.Disable, null),
                null,
                null);
        var cluster = new PoolerCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace.name())
                .build());
        cluster.setSpec(new PoolerClusterSpec(
                null,
                null,
                List.of(upstream),
                listeners,
                null,
                null,
                new ClientTls(ClientTlsMode.Disable, null),
                null,
                null));
        return cluster;
    }

    private Tenant applyReady(String name) {
        var ready = new ConditionBuilder()
                .withType(ConditionType.Ready.name())
                .withStatus("True")
                .withReason(Reason.LoginSucceeded.name())
                .withMessage("A login succeeded through 2 of 2 pods.")
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .withObservedGeneration(1L)
                .build();
        var patch = new Tenant();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace.name())
                .build());
        patch.setStatus(new TenantStatus(1L, List.of(ready), null, null, null, null));
        return client.resource(patch).subresource("status").patch(APPLY_STATUS);
    }

    private static List<Condition> conditions(Tenant tenant) {
        return Objects.requireNonNull(tenant.getStatus().conditions());
    }

    private JsonNode table(String plural, String name) throws Exception {
        var uri = client.getMasterUrl().toString().replaceAll("/$", "") + "/apis/tenantpool.io/v1alpha1/namespaces/"
                + namespace.name() + "/" + plural + "/" + name;
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri(uri)
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .build();
        var response = http.sendAsync(request, String.class).get();
        return new ObjectMapper().readTree(response.body());
    }

    private static List<String> names(JsonNode table) {
        var names = new ArrayList<String>();
        table.get("columnDefinitions")
                .forEach(column -> names.add(column.get("name").asText()));
        return names;
    }

    private static List<String> cells(JsonNode table) {
        var cells = new ArrayList<String>();
        table.at("/rows/0/cells").forEach(cell -> cells.add(cell.asText()));
        return cells;
    }
}
