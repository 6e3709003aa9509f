package io.tenantpool.app;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tenantpool.observe.ApiRequests;
import io.tenantpool.observe.Meters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** The client of everybody here, in the place of the default one: its requests are counted. */
@ApplicationScoped
public class ApiClient {
    @Produces
    @ApplicationScoped
    KubernetesClient client(Config config, KubernetesSerialization serialization, Meters meters) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("tenantpool-requests", new ApiRequests(meters)))
                .build();
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }
}
