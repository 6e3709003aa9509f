package io.tenantpool.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.naming.Labels;
import io.tenantpool.testing.Given;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private static final PoolerCluster OWNER = Given.poolerCluster();
    private static final Map<String, String> OUR_LABELS = Labels.of(Given.pooler("transaction"));

    @Test
    void what_the_pooler_cluster_controls_is_ours_whatever_became_of_its_labels() {
        assertThat(Ownership.isOurs(controlledBy("uid-main", Map.of()), OWNER)).isTrue();
    }

    @Test
    void what_somebody_else_controls_is_not_ours_though_it_carries_our_labels() {
        assertThat(Ownership.isOurs(controlledBy("uid-of-a-chart", OUR_LABELS), OWNER))
                .isFalse();
    }

    @Test
    void what_a_pooler_cluster_of_the_same_name_left_behind_is_not_ours() {
        assertThat(Ownership.isOurs(controlledBy("uid-main-before", OUR_LABELS), OWNER))
                .isFalse();
    }

    @Test
    void what_nobody_controls_is_ours_if_it_carries_our_labels() {
        assertThat(Ownership.isOurs(service(OUR_LABELS), OWNER)).isTrue();
        assertThat(Ownership.isOurs(service(Map.of()), OWNER)).isFalse();
        assertThat(Ownership.isOurs(service(Map.of(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)), OWNER))
                .isFalse();
        assertThat(Ownership.isOurs(service(Map.of(Labels.MANAGED_BY, "Helm", Labels.POOLER_CLUSTER, "main")), OWNER))
                .isFalse();
    }

    @Test
    void a_conflict_names_the_object_and_the_pooler() {
        var conflicts = new Conflicts(OWNER);

        assertThat(conflicts.isForeign(Given.pooler("session"), service(OUR_LABELS)))
                .isFalse();
        assertThat(conflicts.isEmpty()).isTrue();
        assertThat(conflicts.isForeign(Given.pooler("transaction"), service(Map.of())))
                .isTrue();

        assertThat(conflicts.objects()).containsExactly("Service main-transaction");
        assertThat(conflicts.has(Given.pooler("transaction"))).isTrue();
        assertThat(conflicts.has(Given.pooler("session"))).isFalse();
    }

    private static Service service(Map<String, String> labels) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName("main-transaction")
                .withLabels(labels)
                .endMetadata()
                .build();
    }

    private static Service controlledBy(String uid, Map<String, String> labels) {
        var service = service(labels);
        service.getMetadata()
                .getOwnerReferences()
                .add(new OwnerReferenceBuilder()
                        .withUid(uid)
                        .withController(true)
                        .build());
        return service;
    }
}
