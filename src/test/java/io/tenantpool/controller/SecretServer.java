package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An API server that is asked for the Secret {@code poolers/pg-admin}, and counts how often. */
final class SecretServer implements AutoCloseable {
    private static final String PATH = "/api/v1/namespaces/poolers/secrets/pg-admin";

    /** Held here because the logging framework forgets the level of a logger that nobody refers to. */
    private static final Logger MOCK_LOG = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        MOCK_LOG.setLevel(Level.WARNING);
    }

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private final KubernetesClient client;

    SecretServer() {
        server.init();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getPort())
                        .withHttp2Disable(true)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    KubernetesClient client() {
        return client;
    }

    void holds(String username, String password) {
        answers(200, secret(username, password));
    }

    /** One entry alone. */
    void holdsText(String key, String text) {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName("pg-admin")
                .withNamespace("poolers")
                .endMetadata()
                .addToData(key, encoded(text))
                .build();
        server.expect().get().withPath(PATH).andReturn(200, secret).once();
    }

    void holdsOnce(String username, String password) {
        server.expect()
                .get()
                .withPath(PATH)
                .andReturn(200, secret(username, password))
                .once();
    }

    void fails(int code) {
        answers(code, null);
    }

    private void answers(int code, @Nullable Secret secret) {
        server.expect().get().withPath(PATH).andReturn(code, secret).always();
    }

    int requests() {
        return server.getRequestCount();
    }

    void dies() {
        server.destroy();
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }

    private static Secret secret(String username, String password) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("pg-admin")
                .withNamespace("poolers")
                .endMetadata()
                .addToData("username", encoded(username))
                .addToData("password", encoded(password))
                .addToData("uri", encoded("of no interest"))
                .build();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
