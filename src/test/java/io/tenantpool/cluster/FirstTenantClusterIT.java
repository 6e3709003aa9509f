package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.testing.OperatorFootprint;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PrometheusText;
import io.tenantpool.testing.ReadyWatch;
import io.tenantpool.testing.TenantNamespace;
import io.tenantpool.testing.TestTenant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FirstTenantClusterIT {
    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(2);

    @Test
    void whoeverSeesReadyLogsInWithTheBindingThroughTheServiceAndThroughEveryPod() throws Exception {
        TestTenant tenant = POOLER.tenants().named("first");
        POOLER.tenants().prepare(List.of(tenant));
        try (ReadyWatch watch = POOLER.tenants().watch()) {
            POOLER.tenants().apply(tenant);
            watch.ready(tenant.name(), 1).get(2, TimeUnit.MINUTES);
        }
        Map<String, String> binding = POOLER.tenants().binding(tenant).orElseThrow();
        assertThat(binding)
                .containsEntry("type", "postgresql")
                .containsEntry("database", tenant.database())
                .containsEntry("username", tenant.role())
                .containsEntry("password", tenant.password())
                .containsKeys("provider", "host", "port", "uri", "jdbc-url");
        PoolerLogin published = POOLER.published(binding);
        assertThat(published.refusal()).isEmpty();
        assertThat(POOLER.podAddresses())
                .hasSize(2)
                .allSatisfy(pod -> assertThat(published.through(pod).refusal()).isEmpty());
    }

    @Test
    void theBindingIsPublishedOnlyWhenEveryPodLetsTheTenantIn() throws Exception {
        TestTenant tenant = POOLER.tenants().named("published");
        POOLER.tenants().prepare(List.of(tenant));
        CompletableFuture<List<String>> refusedAtPublication = new CompletableFuture<>();
        try (Watch watch = POOLER.client()
                .secrets()
                .inNamespace(POOLER.tenants().name())
                .withoutLabel("tenantpool.io/credentials")
                .watch(new BindingWatcher(tenant, refusedAtPublication))) {
            POOLER.tenants().apply(tenant);
            assertThat(refusedAtPublication.get(2, TimeUnit.MINUTES)).isEmpty();
        }
    }

    @Test
    void aRestartedOperatorWritesNothingReloadsNothingAndLogsInNowhere() {
        POOLER.tenants().ready("settled");
        OperatorFootprint before = OperatorFootprint.atRest(POOLER);

        POOLER.cluster().restartOperator();

        assertThat(OperatorFootprint.atRest(POOLER).changesSince(before)).isEmpty();
        PrometheusText metrics = new PrometheusText(POOLER.cluster().operator().metrics());
        assertThat(metrics.sum(OperatorFootprint.RELOADS)).isZero();
        assertThat(metrics.sum(OperatorFootprint.PROOFS)).isZero();
        // An operator that does nothing at all would pass so far.
        POOLER.tenants().ready("after-restart");
    }

    @Test
    void aChangeThatMeansNothingToTheOperatorCausesNoWrite() {
        TestTenant tenant = POOLER.tenants().ready("annotated");
        OperatorFootprint before = OperatorFootprint.atRest(POOLER);

        POOLER.tenants()
                .tenants()
                .withName(tenant.name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"example.com/note\":\"of no concern\"}}}");

        assertThat(OperatorFootprint.atRest(POOLER).changesSince(before))
                .as("the test's own write and no other")
                .singleElement()
                .asString()
                .startsWith("Tenant/annotated");
    }

    /** Tries every login the moment the Secret appears. */
    private record BindingWatcher(TestTenant tenant, CompletableFuture<List<String>> refused)
            implements Watcher<Secret> {
        @Override
        public void eventReceived(Action action, Secret secret) {
            if (tenant.database().equals(TenantNamespace.decoded(secret).get("database"))) {
                refused.completeAsync(() -> POOLER.refusals(tenant));
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            refused.completeExceptionally(cause);
        }
    }
}
