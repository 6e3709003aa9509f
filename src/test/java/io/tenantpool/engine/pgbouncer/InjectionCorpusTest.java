package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Planner;
import io.tenantpool.model.Resolution;
import io.tenantpool.naming.Labels;
import io.tenantpool.resource.PoolerDeployment;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.HostileTexts;
import io.tenantpool.testing.StringField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No text of a PoolerCluster reaches a pooler's files, or makes of its pods anything but pooler pods; hosts alone do, and
 * each is one host. What a Tenant can write is tried with the real program.
 */
class InjectionCorpusTest {
    private static final long SEED = 20_260_304;
    private static final int RANDOM = 10_000;
    private static final String SETTINGS = "main-settings";
    private static final String KEYS = "digest-of-keys";
    private static final String HOST = "spec.upstreams.0.static.endpoints.0.host";

    private final ObjectNode base = HostileSpecs.example("PoolerCluster");
    private final PoolerCluster baseCluster = HostileSpecs.poolerCluster(base).orElseThrow();
    private final List<String> baseFiles = files(baseCluster);
    private final PodTemplateSpec basePod =
            template(baseCluster, HostileSpecs.model(baseCluster).orElseThrow(), "transaction");

    @ParameterizedTest
    @ValueSource(strings = {"Tenant", "PoolerCluster"})
    void the_corpus_has_an_example_of_every_text(String kind) {
        var example = HostileSpecs.example(kind);

        assertThat(HostileSpecs.fields(kind)).hasSizeGreaterThan(8).allSatisfy(field -> assertThat(field.in(example))
                .as("add %s to src/test/resources/corpus/%s.yaml", field, kind.toLowerCase(Locale.ROOT))
                .isPresent());
    }

    @Test
    void the_examples_are_served() {
        assertThat(HostileSpecs.tenant(
                        baseCluster, "base", HostileSpecs.example("Tenant"), Map.of("username", "r", "password", "p")))
                .isPresent();
        assertThat(baseFiles).hasSize(2);
    }

    @Test
    void no_text_of_a_pooler_cluster_does_more_than_it_says() {
        var count = new Count();
        var escapes = new ArrayList<String>();
        var fields = HostileSpecs.fields("PoolerCluster");
        for (var field : fields) {
            HostileTexts.known().forEach(text -> check(field, text, count, escapes));
        }
        var number = 0;
        for (var text : HostileTexts.random(SEED, RANDOM)) {
            check(fields.get(number++ % fields.size()), text, count, escapes);
        }

        System.out.printf("PoolerCluster without a schema, seed %d: %s%n", SEED, count);
        assertThat(escapes).isEmpty();
        assertThat(count.isComplete()).isTrue();
    }

    private void check(StringField field, String text, Count count, List<String> escapes) {
        count.tried(field.toString());
        var cluster = HostileSpecs.poolerCluster(field.replaced(base, text));
        if (cluster.isEmpty() || HostileSpecs.model(cluster.get()).isEmpty()) {
            count.refused();
            return;
        }
        try {
            var asMeant = isAsMeant(field, text, cluster.get());
            count.held(asMeant);
            if (!asMeant) {
                escapes.add(field + ": " + text);
            }
        } catch (IllegalArgumentException e) {
            count.refused(); // reported as Accepted False, and nothing is written
        }
    }

    private boolean isAsMeant(StringField field, String text, PoolerCluster cluster) {
        var model = HostileSpecs.model(cluster).orElseThrow();
        model.listeners().forEach(listener -> assertPoolerPods(cluster, model, listener.name()));
        var hosts = new HashSet<String>();
        model.upstreams().values().forEach(upstream -> hosts.add(upstream.host()));
        model.replicas().values().forEach(upstream -> hosts.add(upstream.host()));
        var isHost = field.toString().startsWith(HOST.substring(0, HOST.indexOf(".0.host")))
                && field.toString().endsWith("host");
        var expected = new HashSet<>(Set.of("pg-rw.db.svc", "pg-ro.db.svc"));
        if (isHost) {
            expected.remove(field.toString().equals(HOST) ? "pg-rw.db.svc" : "pg-ro.db.svc");
            expected.add(text);
        }
        var files = files(cluster);
        return hosts.equals(expected) && (isHost || files.isEmpty() || files.equals(baseFiles));
    }

    /** What each door's pods would read with one tenant; empty when the tenant is not admitted. */
    private static List<String> files(PoolerCluster cluster) {
        var model = HostileSpecs.model(cluster).orElseThrow();
        var tenant = HostileSpecs.tenant(
                cluster,
                "base",
                withoutListeners(HostileSpecs.example("Tenant")),
                Map.of("username", "r", "password", "p"));
        if (tenant.isEmpty()) {
            return List.of();
        }
        var engine = new PgBouncerEngine();
        return new Planner(model, List.of(), Given.KEYS, Given.observed())
                .plan(List.of(new Resolution.Resolved(tenant.get())), Set.of()).poolers().stream()
                        .map(content -> engine.render(content).projected().toString()
                                + engine.render(content).revision()
                                + engine.settings(content.listener()))
                        .toList();
    }

    private static ObjectNode withoutListeners(ObjectNode tenant) {
        tenant.remove("listeners");
        return tenant;
    }

    private void assertPoolerPods(PoolerCluster cluster, ClusterModel model, String listener) {
        var labels = Labels.of(model.pooler("0", listener));
        var template = template(cluster, model, listener);
        var ours = basePod.getSpec().getContainers().get(0);
        assertThat(template.getMetadata().getLabels())
                .containsAllEntriesOf(labels)
                .containsEntry(Labels.TRAFFIC, Labels.TRAFFIC_ON);
        assertThat(template.getMetadata().getAnnotations())
                .containsEntry(Labels.CONSOLE_KEYS, KEYS)
                .doesNotContainKeys(Labels.PEER, Labels.REVISION);
        assertThat(template.getSpec().getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getCommand()).isEqualTo(ours.getCommand());
            assertThat(container.getArgs()).isEmpty();
            assertThat(container.getEnv()).isEmpty();
            assertThat(container.getSecurityContext()).isEqualTo(ours.getSecurityContext());
            assertThat(container.getVolumeMounts()).isEqualTo(ours.getVolumeMounts());
        });
        assertThat(template.getSpec().getVolumes())
                .hasSize(basePod.getSpec().getVolumes().size());
        assertThat(template.getSpec().getSecurityContext())
                .isEqualTo(basePod.getSpec().getSecurityContext());
        assertThat(template.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(template.getSpec().getHostNetwork()).isNull();
        assertThat(template.getSpec().getTopologySpreadConstraints())
                .allSatisfy(spread -> assertThat(spread.getLabelSelector().getMatchLabels())
                        .isEqualTo(Labels.selector(model.pooler("0", listener))));
    }

    private static PodTemplateSpec template(PoolerCluster cluster, ClusterModel model, String listener) {
        var door = model.listener(listener).orElseThrow();
        var id = model.pooler("0", listener);
        var deployment = PoolerDeployment.desired(
                id,
                door,
                new PgBouncerEngine().podShape(door),
                SETTINGS,
                String.valueOf(cluster.getSpec().image()),
                KEYS,
                cluster);
        assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(Labels.selector(id));
        return deployment.getSpec().getTemplate();
    }
}
