package io.tenantpool.controller;

import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.poolerCluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.tenantpool.engine.pgbouncer.PgBouncerEngine;
import io.tenantpool.naming.Labels;
import io.tenantpool.resource.PoolerDeployment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutGateTest {
    private static final boolean TERMINATING = true;
    private static final Deployment OLD = desired("image:1");
    private static final Deployment NEW = desired("image:2");

    @Test
    void a_new_template_goes_out_when_the_last_rollout_is_over() {
        assertThat(RolloutGate.holds(live(OLD, 2, 2, 2), NEW, !TERMINATING)).isFalse();
    }

    @Test
    void a_new_template_waits_for_pods_that_terminate() {
        assertThat(RolloutGate.holds(live(OLD, 2, 2, 2), NEW, TERMINATING)).isTrue();
    }

    @Test
    void the_same_template_never_waits() {
        assertThat(RolloutGate.holds(live(OLD, 3, 3, 2), OLD, TERMINATING)).isFalse();
    }

    @Test
    void the_number_of_pods_is_no_rollout() {
        var more =
                new DeploymentBuilder(OLD).editSpec().withReplicas(5).endSpec().build();

        assertThat(RolloutGate.holds(live(OLD, 3, 3, 2), more, TERMINATING)).isFalse();
    }

    @Test
    void a_new_template_waits_for_a_pod_that_is_ready_and_not_yet_available() {
        assertThat(RolloutGate.holds(live(OLD, 3, 3, 2), NEW, !TERMINATING)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 2", "3, 0, 0", "1, 0, 0"})
    void a_rollout_whose_new_pods_never_became_ready_is_replaced_at_once(int pods, int ready, int available) {
        assertThat(RolloutGate.holds(live(OLD, pods, ready, available), NEW, !TERMINATING))
                .isFalse();
    }

    @Test
    void not_even_a_broken_rollout_is_replaced_while_pods_terminate() {
        assertThat(RolloutGate.holds(live(OLD, 3, 2, 2), NEW, TERMINATING)).isTrue();
    }

    @Test
    void a_rollout_that_the_deployment_controller_has_not_seen_yet_goes_on() {
        var unseen = live(OLD, 2, 2, 2);
        unseen.getMetadata().setGeneration(8L);

        assertThat(RolloutGate.holds(unseen, NEW, !TERMINATING)).isTrue();
    }

    @Test
    void a_deployment_without_a_status_has_just_been_made() {
        var fresh = live(OLD, 2, 2, 2);
        fresh.setStatus(null);

        assertThat(RolloutGate.holds(fresh, NEW, !TERMINATING)).isTrue();
    }

    @Test
    void a_deployment_whose_template_nobody_noted_counts_as_another_one() {
        var unknown = live(OLD, 2, 2, 2);
        unknown.getMetadata().setAnnotations(Map.of());

        assertThat(RolloutGate.holds(unknown, OLD, TERMINATING)).isTrue();
        assertThat(RolloutGate.holds(unknown, OLD, !TERMINATING)).isFalse();
    }

    @Test
    void while_a_template_waits_the_number_of_pods_does_not() {
        var live = live(OLD, 3, 3, 2);
        var wanted =
                new DeploymentBuilder(NEW).editSpec().withReplicas(5).endSpec().build();

        var held = PoolerDeployment.withoutRollout(live, wanted);

        assertThat(held.getSpec().getReplicas()).isEqualTo(5);
        assertThat(held.getSpec().getTemplate()).isEqualTo(live.getSpec().getTemplate());
        assertThat(held.getMetadata().getAnnotations())
                .containsEntry(
                        Labels.TEMPLATE, PoolerDeployment.templateOf(live).orElseThrow());
        assertThat(held.getMetadata().getResourceVersion()).isNull();
        assertThat(held.getMetadata().getManagedFields()).isEmpty();
    }

    private static Deployment live(Deployment applied, int pods, int ready, int available) {
        return new DeploymentBuilder(applied)
                .editMetadata()
                .withGeneration(7L)
                .withResourceVersion("1")
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(7L)
                .withReplicas(pods)
                .withReadyReplicas(ready == 0 ? null : ready) // the server leaves zeros out
                .withAvailableReplicas(available == 0 ? null : available)
                .endStatus()
                .build();
    }

    private static Deployment desired(String image) {
        var listener = listener("transaction", 6432);
        return PoolerDeployment.desired(
                pooler("transaction"),
                listener,
                new PgBouncerEngine().podShape(listener),
                "settings",
                image,
                "digest",
                poolerCluster());
    }
}
