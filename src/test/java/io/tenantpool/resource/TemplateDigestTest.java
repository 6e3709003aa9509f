package io.tenantpool.resource;

import static io.tenantpool.testing.Given.listener;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.GivenPods.poolerClusterWithPods;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TemplateDigestTest {
    /** Or an operator that was restarted would write every Deployment. */
    @Test
    void the_order_in_which_maps_come_makes_no_difference() {
        assertThat(digest("labels: {a: x, b: y}\nresources: {requests: {cpu: 1, memory: 1Gi}}", "image"))
                .isEqualTo(digest("resources: {requests: {memory: 1Gi, cpu: 1}}\nlabels: {b: y, a: x}", "image"));
    }

    @Test
    void another_image_or_setting_of_the_pods_is_another_template() {
        assertThat(digest("labels: {}", "image")).isNotEqualTo(digest("labels: {}", "other"));
        assertThat(digest("labels: {}", "image")).isNotEqualTo(digest("labels: {a: x}", "image"));
        assertThat(digest("labels: {a: x}", "image")).isNotEqualTo(digest("labels: {a: y}", "image"));
    }

    private static String digest(String pod, String image) {
        var deployment = PoolerDeployment.desired(
                pooler("transaction"),
                listener("transaction", 6432),
                PoolerDeploymentTest.SHAPE,
                "settings",
                image,
                "digest",
                poolerClusterWithPods(pod));
        return PoolerDeployment.templateOf(deployment).orElseThrow();
    }
}
