package io.tenantpool.controller;

import static io.tenantpool.testing.GivenPods.poolerClusterWithPods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.PoolerDeployment;
import io.tenantpool.testing.ApiServerUnderTest;
import io.tenantpool.testing.ServerSideApplyMatch;
import io.tenantpool.testing.TestNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who owns a field, and what becomes of one that is left out, is for a real API server to say. */
@ExtendWith(ApiServerUnderTest.class)
@TestInstance(Lifecycle.PER_CLASS)
class ReplicasHandoverApiServerIT {
    private final KubernetesClient client = ApiServerUnderTest.client();
    private final TestNamespace namespace = TestNamespace.create(client, "handover");
    private final ReplicasHandover handover = new ReplicasHandover(client, new Meters(new SimpleMeterRegistry()));

    @AfterAll
    void remove() {
        namespace.close();
    }

    @Test
    void theNumberOfPodsSurvivesTheWayToAnAutoscalerAndBack() {
        var door = new Door("there-and-back");

        assertThat(door.reconciled(2, false, 3)).containsOnly(2);
        assertThat(door.reconciled(2, true, 3)).containsOnly(2);
        door.scale(4);
        assertThat(door.reconciled(2, true, 3)).containsOnly(4);
        assertThat(door.reconciled(4, false, 3)).containsOnly(4);
        assertThat(door.reconciled(3, false, 1)).containsOnly(3);
        assertThat(door.reconciled(2, true, 3)).containsOnly(3);
        door.scale(5);
        assertThat(door.reconciled(2, true, 3)).containsOnly(5);
        assertThat(door.reconciled(2, false, 1)).containsOnly(2);
    }

    @Test
    void aDoorThatIsAutoscaledFromTheBeginningBeginsWithTheFewestPods() {
        var door = new Door("from-the-beginning");

        assertThat(door.reconciled(3, true, 3)).containsOnly(3);
        door.scale(6);
        assertThat(door.reconciled(3, true, 3)).containsOnly(6);
    }

    @Test
    void aNumberThatWasChosenSinceWeLookedIsNotBroughtBack() {
        var door = new Door("meanwhile");
        door.reconciled(2, false, 1);
        var known = door.live();
        door.scale(4);

        assertThat(door.reconciled(known, 2, true)).isEqualTo(4);
    }

    @Test
    void afterTheHandoverThereIsNothingToWrite() {
        var door = new Door("rests");
        door.reconciled(2, false, 1);
        door.reconciled(2, true, 1);
        var before = door.live();
        var ours = handover.ours(door.desired(2), before, true).orElseThrow();

        assertThat(ServerSideApplyMatch.matches(client, Names.FIELD_MANAGER, before, ours))
                .isTrue();
        assertThat(before.getMetadata().getManagedFields())
                .extracting("manager")
                .contains(Names.FIELD_MANAGER, Names.HANDOVER_FIELD_MANAGER);
    }

    @Test
    void aChangeBetweenReadingAndHandingOverIsNoticed() {
        var door = new Door("conflict");
        door.reconciled(2, false, 1);
        var stale = door.live();
        door.scale(4);

        assertThat(handover.handOverAsRead(stale)).isFalse();
        assertThat(door.live().getSpec().getReplicas()).isEqualTo(4);
    }

    @Test
    void aDeploymentThatIsGoneIsNotMadeOfANumberAlone() {
        var door = new Door("gone");
        door.reconciled(2, false, 1);
        var gone = door.live();
        client.resource(gone).withGracePeriod(0).delete();
        await().until(() -> client.resource(gone).get() == null);

        assertThat(handover.handOverAsRead(gone)).isFalse();
        assertThat(handover.ours(door.desired(2), gone, true)).isEmpty();
        assertThat(client.resource(gone).get()).isNull();
    }

    /** A Deployment whose pods run nowhere, since no node has the label. */
    private final class Door {
        private final String cluster;

        Door(String cluster) {
            this.cluster = cluster;
        }

        /** The number of pods after each of so many reconciliations. */
        List<Integer> reconciled(int replicas, boolean autoscaled, int times) {
            var seen = new ArrayList<Integer>();
            for (int i = 0; i < times; i++) {
                seen.add(reconciled(live(), replicas, autoscaled));
            }
            return seen;
        }

        int reconciled(@Nullable Deployment known, int replicas, boolean autoscaled) {
            Optional<Deployment> ours = Optional.empty();
            for (int i = 0; i < 20 && ours.isEmpty(); i++) { // the Deployment controller writes, too
                ours = handover.ours(desired(replicas), known, autoscaled);
            }
            client.resource(ours.orElseThrow())
                    .fieldManager(Names.FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
            return live().getSpec().getReplicas();
        }

        Deployment live() {
            return client.resource(desired(1)).get();
        }

        void scale(int replicas) {
            Scale scale = new ScaleBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace.name())
                    .withName(desired(1).getMetadata().getName())
                    .endMetadata()
                    .withNewSpec()
                    .withReplicas(replicas)
                    .endSpec()
                    .build();
            client.resource(desired(1)).scale(scale);
            assertThat(live().getSpec().getReplicas()).isEqualTo(replicas);
        }

        Deployment desired(int replicas) {
            var id = new PoolerId(namespace.name(), cluster, PoolerId.FIRST_CELL, "transaction");
            var listener = new ListenerModel(
                    "transaction", "Transaction", Upstream.Role.Primary, 6432, replicas, 6, 70, 100, 10, 60);
            var deployment = PoolerDeployment.desired(
                    id,
                    listener,
                    new PgBouncerEngine().podShape(listener),
                    "settings",
                    "example.org/none",
                    "digest",
                    poolerClusterWithPods("nodeSelector: {tenantpool.test/nowhere: \"true\"}"));
            // Its owner does not exist, and the garbage collector would take it.
            deployment.getMetadata().setOwnerReferences(List.of());
            return deployment;
        }
    }
}
