package io.tenantpool.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.testing.CommittedCrds;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A copy of the PoolerCluster's CRD in a group of its own, in which enums that have one value have a second one. Only
 * there can rules be tried that matter when more values come: what must not change, and unions.
 */
final class WidenedCrds implements AutoCloseable {
    private static final Map<String, String> SECOND_VALUES = Map.of("PgBouncer", "PgCat", "Static", "Service");

    private final KubernetesClient client;
    private final CustomResourceDefinition crd;

    private WidenedCrds(KubernetesClient client, CustomResourceDefinition crd) {
        this.client = client;
        this.crd = crd;
    }

    static WidenedCrds install(KubernetesClient client) {
        var crd = CommittedCrds.read().stream()
                .filter(c -> "PoolerCluster".equals(c.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        var group = "t" + UUID.randomUUID().toString().substring(0, 8) + ".tenantpool.test";
        crd.getMetadata().setName(crd.getSpec().getNames().getPlural() + "." + group);
        crd.getSpec().setGroup(group);
        // Names that kubectl users on the same cluster type stay with the real kinds.
        crd.getSpec().getNames().setShortNames(List.of());
        crd.getSpec().getNames().setCategories(List.of());
        crd.getSpec().getVersions().forEach(v -> widen(v.getSchema().getOpenAPIV3Schema()));
        CommittedCrds.install(client, crd);
        return new WidenedCrds(client, crd);
    }

    String apiVersion() {
        return crd.getSpec().getGroup() + "/v1alpha1";
    }

    @Override
    public void close() {
        client.resource(crd).delete();
    }

    private static void widen(JSONSchemaProps schema) {
        var values = schema.getEnum();
        if (values != null && values.size() == 1) {
            var second = SECOND_VALUES.get(values.get(0).asText());
            schema.setEnum(
                    Stream.concat(values.stream(), Stream.ofNullable(second).<JsonNode>map(TextNode::valueOf))
                            .toList());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(WidenedCrds::widen);
        }
        if (schema.getItems() != null) {
            widen(Objects.requireNonNull(schema.getItems().getSchema()));
        }
    }
}
