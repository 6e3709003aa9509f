package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.tenantpool.api.v1alpha1.ClientTlsMode;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.model.Role;
import io.tenantpool.model.Verdict;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The Secret that applications bind to, by the Service Binding Specification for Kubernetes 1.1: the first user and the
 * first door under the well-known keys, a {@code <listener>-uri} for each door, a {@code user-<role>-uri} for each
 * further user, with {@code @}, {@code $} and {@code .} of the role as {@code .40}, {@code .24} and {@code .2E}.
 */
public final class BindingSecret {
    private BindingSecret() {}

    /** @throws IllegalArgumentException when the tenant is not served */
    public static Secret desired(Tenant tenant, Verdict verdict) {
        if (!verdict.served() || verdict.poolers().isEmpty() || verdict.roles().isEmpty()) {
            throw new IllegalArgumentException("nothing to bind to");
        }
        var data = new TreeMap<String, String>();
        entries(verdict)
                .forEach((key, value) ->
                        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(tenant.getMetadata().getNamespace())
                .withName(Names.binding(tenant.getMetadata().getName()))
                .withLabels(Map.of(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE, Labels.BINDING, "true"))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(tenant.getApiVersion())
                        .withKind(tenant.getKind())
                        .withName(tenant.getMetadata().getName())
                        .withUid(tenant.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withType("servicebinding.io/postgresql")
                .withData(data)
                .build();
    }

    private static Map<String, String> entries(Verdict verdict) {
        var database = Objects.requireNonNull(verdict.poolName());
        var first = verdict.poolers().get(0);
        var user = verdict.roles().get(0);
        var entries = new TreeMap<String, String>();
        entries.put("type", "postgresql");
        entries.put("provider", "tenantpool");
        entries.put("host", Names.host(first.pooler()));
        entries.put("port", Integer.toString(first.port()));
        entries.put("database", database);
        entries.put("username", user.name());
        entries.put("password", user.password().value());
        entries.put("sslmode", verdict.trust().sslMode());
        if (verdict.trust().mode() != ClientTlsMode.Disable
                && !verdict.trust().authorities().isEmpty()) {
            entries.put("ca.crt", verdict.trust().authorities());
        }
        entries.put("uri", uri(user, first, verdict));
        entries.put(
                "jdbc-url",
                "jdbc:postgresql://%s:%d/%s?user=%s&password=%s&sslmode=%s"
                        .formatted(
                                Names.host(first.pooler()),
                                first.port(),
                                database,
                                encode(user.name()),
                                encode(user.password().value()),
                                verdict.trust().sslMode()));
        for (var door : verdict.poolers()) {
            entries.put(door.pooler().listener() + "-uri", uri(user, door, verdict));
        }
        for (var other : verdict.roles().subList(1, verdict.roles().size())) {
            entries.put("user-" + key(other.name()) + "-uri", uri(other, first, verdict));
        }
        return entries;
    }

    /**
     * A role's name as a part of a key, which may hold fewer characters: a dot and two hexadecimal digits stand for
     * {@code @}, {@code $} and the dot itself, so that no two roles have one key.
     */
    private static String key(String role) {
        return role.replace(".", ".2E").replace("@", ".40").replace("$", ".24");
    }

    private static String uri(Role user, Verdict.Endpoint door, Verdict verdict) {
        return "postgresql://%s:%s@%s:%d/%s?sslmode=%s"
                .formatted(
                        encode(user.name()),
                        encode(user.password().value()),
                        Names.host(door.pooler()),
                        door.port(),
                        verdict.poolName(),
                        verdict.trust().sslMode());
    }

    /** Percent-encoding as in RFC 3986; {@link URLEncoder} writes a space as a plus sign. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
