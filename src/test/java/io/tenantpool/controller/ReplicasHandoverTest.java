package io.tenantpool.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ReplicasHandoverTest {
    private static final String OURS =
            "{manager: tenantpool, operation: Apply, fieldsV1: {'f:spec': {'f:replicas': {}, 'f:template': {}}}}";
    private static final String OURS_WITHOUT_REPLICAS =
            "{manager: tenantpool, operation: Apply, fieldsV1: {'f:spec': {'f:template': {}}}}";
    private static final String STATUS = "{manager: kube-controller-manager, operation: Update, subresource: status,"
            + " fieldsV1: {'f:status': {'f:replicas': {}}}}";
    private static final String AUTOSCALER = "{manager: kube-controller-manager, operation: Update, subresource: scale,"
            + " fieldsV1: {'f:spec': {'f:replicas': {}}}}";
    private static final String HANDOVER =
            "{manager: tenantpool-handover, operation: Apply, fieldsV1: {'f:spec': {'f:replicas': {}}}}";

    @Test
    void a_number_that_only_we_applied_would_be_lost_if_we_left_it_out() {
        assertThat(ReplicasHandover.isOursAlone(ownedBy(OURS))).isTrue();
        assertThat(ReplicasHandover.isOursAlone(ownedBy(OURS, STATUS))).isTrue();
    }

    @Test
    void a_number_that_somebody_else_holds_too_stays() {
        assertThat(ReplicasHandover.isOursAlone(ownedBy(OURS, HANDOVER))).isFalse();
        assertThat(ReplicasHandover.isOursAlone(ownedBy(STATUS, OURS, AUTOSCALER)))
                .isFalse();
    }

    @Test
    void a_number_that_is_not_ours_stays() {
        assertThat(ReplicasHandover.isOursAlone(ownedBy(OURS_WITHOUT_REPLICAS, AUTOSCALER)))
                .isFalse();
        assertThat(ReplicasHandover.isOursAlone(ownedBy(OURS_WITHOUT_REPLICAS, STATUS)))
                .isFalse();
        assertThat(ReplicasHandover.isOursAlone(ownedBy())).isFalse();
    }

    @Test
    void what_we_wrote_by_an_update_is_not_lost_by_an_apply() {
        assertThat(ReplicasHandover.isOursAlone(ownedBy(OURS, OURS.replace("Apply", "Update"))))
                .isFalse();
    }

    private static Deployment ownedBy(String... entries) {
        return Serialization.unmarshal("""
                metadata: {name: main, managedFields: [%s]}
                spec: {replicas: 2}
                """.formatted(String.join(", ", entries)), Deployment.class);
    }
}
