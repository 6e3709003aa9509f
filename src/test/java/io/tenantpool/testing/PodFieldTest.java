package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodFieldTest {
    private static final Pod POD = new PodBuilder()
            .withNewMetadata()
            .withName("main-0")
            .withUid("some-uid")
            .addToAnnotations("tenantpool.io/peer", "peer_id = 17")
            .addToLabels("tenantpool.io/traffic", "on")
            .endMetadata()
            .build();

    @Test
    void a_field_has_the_value_that_the_pod_has() {
        assertThat(PodField.valueOf(POD, "metadata.name")).isEqualTo("main-0");
        assertThat(PodField.valueOf(POD, "metadata.uid")).isEqualTo("some-uid");
        assertThat(PodField.valueOf(POD, "metadata.annotations['tenantpool.io/peer']"))
                .isEqualTo("peer_id = 17");
        assertThat(PodField.valueOf(POD, "metadata.labels['tenantpool.io/traffic']"))
                .isEqualTo("on");
    }

    @Test
    void an_annotation_or_label_that_the_pod_lacks_is_empty() {
        assertThat(PodField.valueOf(POD, "metadata.annotations['other']")).isEmpty();
        Pod bare = new PodBuilder().withNewMetadata().endMetadata().build();
        assertThat(PodField.valueOf(bare, "metadata.annotations['other']")).isEmpty();
    }

    @Test
    void a_field_that_no_kubelet_projects_is_an_error() {
        assertThatThrownBy(() -> PodField.valueOf(POD, "metadata.generation"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("metadata.generation");
    }
}
