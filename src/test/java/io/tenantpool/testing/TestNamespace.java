package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.UUID;

/** A namespace with a name of its own, so that tests on one cluster do not meet; deleted when closed. */
public final class TestNamespace implements AutoCloseable {
    private final KubernetesClient client;
    private final String name;

    private TestNamespace(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Creates one whose name begins with {@code prefix}, a DNS label of at most 40 characters. */
    public static TestNamespace create(KubernetesClient client, String prefix) {
        return create(client, prefix, Map.of());
    }

    /** The same with labels. */
    public static TestNamespace create(KubernetesClient client, String prefix, Map<String, String> labels) {
        var name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        return new TestNamespace(client, name);
    }

    public String name() {
        return name;
    }

    /** Asks for the deletion and does not wait for it: the name is never used again. */
    @Override
    public void close() {
        client.namespaces().withName(name).delete();
    }
}
