package io.tenantpool.engine.pgbouncer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.NamespaceRule;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.model.TrustDecision;
import io.tenantpool.testing.CommittedCrds;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.StringField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Specs with one text replaced, on the way that they take when no schema stands before it: an API server may have an
 * older one.
 */
final class HostileSpecs {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "corpus");
    // As the operator reads objects: app.StrictTexts.
    private static final ObjectMapper JSON =
            Serialization.jsonMapper().copy().enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
    private static final Map<String, Map<String, String>> NAMESPACES =
            Map.of("team-a", Map.of("tier", "gold", "team", "a"));

    private HostileSpecs() {}

    /** The spec of a kind in which every text is used. */
    static ObjectNode example(String kind) {
        try {
            var file = DIRECTORY.resolve(kind.toLowerCase(Locale.ROOT) + ".yaml");
            return (ObjectNode) Serialization.yamlMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every text of a kind. */
    static List<StringField> fields(String kind) {
        var crd = CommittedCrds.read().stream()
                .filter(one -> kind.equals(one.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        var schema = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
        return StringField.of(Objects.requireNonNull(schema.getProperties().get("spec")), example(kind));
    }

    /** The PoolerCluster of a spec, or empty when it can't be read. */
    static Optional<PoolerCluster> poolerCluster(ObjectNode spec) {
        try {
            var cluster = Given.poolerCluster();
            cluster.setSpec(JSON.treeToValue(spec, PoolerClusterSpec.class));
            return Optional.of(cluster);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<ClusterModel> model(PoolerCluster cluster) {
        // Whether a server is believed is another matter, which no text of the spec decides.
        return ClusterResolver.resolve(cluster)
                .model()
                .map(model -> model.withTrust(new TrustDecision.Trust(model.serverTls(), Set.of())));
    }

    /** The Tenant {@code team-a/name} of a spec and of what stands in each of its Secrets, or empty when it is refused. */
    static Optional<TenantModel> tenant(
            PoolerCluster cluster, String name, ObjectNode spec, Map<String, String> credentials) {
        var resolver = new TenantResolver(
                model(cluster).orElseThrow(),
                NamespaceRule.of("poolers", cluster.getSpec().allowedTenants()),
                NAMESPACES,
                (namespace, secret) -> Optional.of(credentials),
                new PgBouncerEngine());
        try {
            var tenant = Given.tenantObject(name, JSON.treeToValue(spec, TenantSpec.class));
            return resolver.resolve(tenant) instanceof Resolution.Resolved resolved
                    ? Optional.of(resolved.model())
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
