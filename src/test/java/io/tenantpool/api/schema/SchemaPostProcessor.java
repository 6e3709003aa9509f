package io.tenantpool.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import io.tenantpool.api.v1alpha1.NameRules;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a generated CRD what no annotation can say: how lists merge, the order of columns, descriptions of the kinds,
 * and bounds inside types that are not ours.
 */
final class SchemaPostProcessor implements CRDPostProcessor {
    private static final List<String> COLUMNS =
            List.of("Pooler", "Engine", "Database", "Tenants", "Programmed", "Ready", "Reason", "Age");

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "PoolerCluster",
            "PoolerCluster is a fleet of PostgreSQL connection poolers and the doors it opens; written by the"
                    + " platform team.",
            "Tenant",
            "Tenant is one database that is reached through a PoolerCluster. Ready means that a real login succeeded"
                    + " through every pooler pod that takes traffic.");

    /** Lists that are merged entry by entry, so that several writers may each own theirs; all others are atomic. */
    private static final Map<String, List<String>> MAP_KEYS = Map.of(
            "spec.users", List.of("name"),
            "spec.listeners", List.of("name"),
            "spec.upstreams", List.of("name"),
            "spec.upstreams.static.endpoints", List.of("host", "port"),
            "spec.pod.topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable"),
            "status.conditions", List.of("type"),
            "status.endpoints", List.of("listener"),
            "status.listeners", List.of("name", "cell"),
            "status.budget", List.of("upstream", "target"));

    @Override
    public HasMetadata process(HasMetadata resource, String crdVersion) {
        var crd = (CustomResourceDefinition) resource;
        for (var version : crd.getSpec().getVersions()) {
            var schema = version.getSchema().getOpenAPIV3Schema();
            schema.setDescription(DESCRIPTIONS.get(crd.getSpec().getNames().getKind()));
            walk("", schema);
            boundConditions(at(schema, "status", "conditions"));
            boundResources(at(schema, "spec", "pod", "resources"));
            boundAffinity(at(schema, "spec", "pod"));
            boundTolerations(at(schema, "spec", "pod", "tolerations"));
            boundSelector(at(schema, "spec", "allowedTenants", "namespaces", "selector"));
            boundSelector(at(schema, "spec", "networkPolicy", "monitoringNamespaces"));
            boundUpstreamPeers(at(schema, "spec", "networkPolicy", "upstreamPeers"));
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparing(
                            CustomResourceColumnDefinition::getName, Comparator.comparingInt(COLUMNS::indexOf)));
        }
        return crd;
    }

    /** A rule on a component of a record is found on its field and on its accessor, hence twice. */
    private static void removeRepeatedRules(JSONSchemaProps schema) {
        var rules = schema.getXKubernetesValidations();
        if (rules != null) {
            schema.setXKubernetesValidations(rules.stream().distinct().toList());
        }
    }

    private static void walk(String path, JSONSchemaProps schema) {
        removeRepeatedRules(schema);
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, child) -> walk(path.isEmpty() ? name : path + "." + name, child));
        }
        if ("array".equals(schema.getType())) {
            var keys = MAP_KEYS.get(path);
            schema.setXKubernetesListType(keys == null ? "atomic" : "map");
            if (keys != null) {
                schema.setXKubernetesListMapKeys(keys);
            }
            walk(path, schema.getItems().getSchema());
        }
    }

    /** The same bounds as in metav1.Condition, whose class here has none. */
    private static void boundConditions(@Nullable JSONSchemaProps conditions) {
        if (conditions == null) {
            return;
        }
        var item = conditions.getItems().getSchema();
        item.setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
        item.setDescription("One aspect of the state of the object.");
        var type = field(item, "type", "Which aspect, in CamelCase.");
        type.setMaxLength(316L);
        type.setPattern("^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                + "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$");
        var reason = field(item, "reason", "Why, in one CamelCase word that programs may compare.");
        reason.setMinLength(1L);
        reason.setMaxLength(1024L);
        reason.setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
        field(item, "message", "Why, in words for people, with the remedy.").setMaxLength(32768L);
        field(item, "status", "True, False or Unknown.").setEnum(texts("True", "False", "Unknown"));
        field(item, "lastTransitionTime", "When the status last changed.").setFormat("date-time");
        field(item, "observedGeneration", "Generation of the spec that this condition speaks of.")
                .setMinimum(0.0);
    }

    private static void boundResources(@Nullable JSONSchemaProps resources) {
        if (resources == null) {
            return;
        }
        // A claim refers to spec.resourceClaims of the pod, which a PoolerCluster does not offer.
        resources.getProperties().remove("claims");
        boundQuantities(field(resources, "limits", "Resource name to quantity, such as memory: 256Mi."));
        boundQuantities(field(resources, "requests", "Resource name to quantity, such as cpu: 100m."));
    }

    private static void boundQuantities(JSONSchemaProps map) {
        map.setMaxProperties(16L);
        var quantity = map.getAdditionalProperties().getSchema();
        quantity.setMaxLength(32L);
        quantity.setPattern("^[0-9]+([.][0-9]+)?(m|k|[MGTPE]|[KMGTPE]i)?$");
    }

    /** Left to the API server, which checks it with the pods: its schema is longer than all of ours. */
    private static void boundAffinity(@Nullable JSONSchemaProps pod) {
        if (pod == null) {
            return;
        }
        var affinity = new JSONSchemaProps();
        affinity.setType("object");
        affinity.setXKubernetesPreserveUnknownFields(true);
        Objects.requireNonNull(pod.getProperties().get("affinity"), "affinity");
        affinity.setDescription("Affinity of the pooler pods, as in the spec of a pod.");
        pod.getProperties().put("affinity", affinity);
    }

    private static void boundTolerations(@Nullable JSONSchemaProps tolerations) {
        if (tolerations == null) {
            return;
        }
        var item = tolerations.getItems().getSchema();
        field(item, "key", "Key of the taint; empty for every taint.").setMaxLength(317L);
        field(item, "operator", "Exists or Equal (default).").setEnum(texts("Exists", "Equal"));
        field(item, "value", "Value of the taint, for Equal.").setMaxLength(63L);
        field(item, "effect", "Effect of the taint; empty for every effect.")
                .setEnum(texts("NoSchedule", "PreferNoSchedule", "NoExecute"));
        field(item, "tolerationSeconds", "Seconds that the taint is tolerated, for NoExecute.")
                .setMinimum(0.0);
    }

    private static void boundUpstreamPeers(@Nullable JSONSchemaProps peers) {
        if (peers == null) {
            return;
        }
        var item = peers.getItems().getSchema();
        item.setDescription("A place where servers are: addresses, or pods.");
        boundSelector(at(item, "namespaceSelector"));
        boundSelector(at(item, "podSelector"));
    }

    /** No wider than what a NetworkPolicy takes: one that the API server refuses would hold up what comes after it. */
    private static void boundSelector(@Nullable JSONSchemaProps selector) {
        if (selector == null) {
            return;
        }
        selector.setXKubernetesMapType("atomic");
        var labels = field(selector, "matchLabels", "Labels that all must be there, at most 32.");
        labels.setMaxProperties(32L);
        labels.setXKubernetesValidations(List.of(rule(
                NameRules.SELECTOR_KEYS, "matchLabels: a key is not of the form prefix/name or name; correct it")));
        boundValue(labels.getAdditionalProperties().getSchema());
        var expressions = field(selector, "matchExpressions", "Expressions that all must hold, at most 32.");
        expressions.setMaxItems(32L);
        var expression = expressions.getItems().getSchema();
        expression.setRequired(List.of("key", "operator"));
        expression.setXKubernetesValidations(List.of(rule(
                "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
                "matchExpressions: In and NotIn need values, Exists and DoesNotExist take none")));
        var key = field(expression, "key", "Key of a label.");
        key.setMaxLength(253L);
        key.setPattern(NameRules.SELECTOR_KEY);
        field(expression, "operator", "In, NotIn, Exists or DoesNotExist.")
                .setEnum(texts("In", "NotIn", "Exists", "DoesNotExist"));
        var values = field(expression, "values", "Values for In and NotIn, at most 64; none for the others.");
        values.setMaxItems(64L);
        boundValue(values.getItems().getSchema());
    }

    private static void boundValue(JSONSchemaProps value) {
        value.setMaxLength(63L);
        value.setPattern(NameRules.LABEL_VALUE);
    }

    private static ValidationRule rule(String expression, String message) {
        return new ValidationRuleBuilder()
                .withRule(expression)
                .withMessage(message)
                .build();
    }

    /** Describes a field of a type that is not ours; fails if that type has lost it. */
    private static JSONSchemaProps field(JSONSchemaProps schema, String name, String description) {
        var found = Objects.requireNonNull(schema.getProperties().get(name), name);
        found.setDescription(description);
        return found;
    }

    private static @Nullable JSONSchemaProps at(JSONSchemaProps schema, String... path) {
        JSONSchemaProps found = schema;
        for (var name : path) {
            if (found == null || found.getProperties() == null) {
                return null;
            }
            found = found.getProperties().get(name);
        }
        return found;
    }

    private static List<JsonNode> texts(String... values) {
        return Stream.of(values).<JsonNode>map(TextNode::valueOf).toList();
    }
}
