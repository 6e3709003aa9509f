package io.tenantpool.demo;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.testing.ApiServerDouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** One Tenant of the samples, with the credentials that stand beside it in its file. */
final class DemoTenant {
    private final ApiServerDouble api;
    private final Path file;
    private final Tenant declared;
    private final Map<String, String> credentials;

    private DemoTenant(ApiServerDouble api, Path file, Tenant declared, Map<String, String> credentials) {
        this.api = api;
        this.file = file;
        this.declared = declared;
        this.credentials = credentials;
    }

    static DemoTenant read(ApiServerDouble api, Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            List<HasMetadata> items = api.client().load(stream).items();
            Tenant tenant = only(api, items, Tenant.class);
            Secret secret = only(api, items, Secret.class);
            return new DemoTenant(api, file, tenant, text(secret));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T extends HasMetadata> T only(ApiServerDouble api, List<HasMetadata> items, Class<T> type) {
        return items.stream()
                .filter(item -> HasMetadata.getKind(type).equals(item.getKind()))
                .map(item -> api.client().getKubernetesSerialization().convertValue(item, type))
                .findFirst()
                .orElseThrow(() -> new DemoFailure("a sample of a tenant holds no " + type.getSimpleName()));
    }

    private static Map<String, String> text(Secret secret) {
        Map<String, String> text =
                new HashMap<>(Optional.ofNullable(secret.getStringData()).orElse(Map.of()));
        Optional.ofNullable(secret.getData())
                .orElse(Map.of())
                .forEach((key, value) ->
                        text.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return text;
    }

    void apply() {
        api.apply(file);
    }

    String name() {
        return declared.getMetadata().getName();
    }

    String namespace() {
        return declared.getMetadata().getNamespace();
    }

    String database() {
        return declared.getSpec().database();
    }

    String role() {
        return Optional.ofNullable(credentials.get("username"))
                .orElseThrow(() -> new DemoFailure("the Secret in " + file + " has no username"));
    }

    String password() {
        return Optional.ofNullable(credentials.get("password"))
                .orElseThrow(() -> new DemoFailure("the Secret in " + file + " has no password"));
    }

    /** The name clients ask for. */
    String poolName() {
        return Optional.ofNullable(declared.getSpec().poolName()).orElse(database());
    }

    Optional<Tenant> live() {
        return api.get(Tenant.class, namespace(), name());
    }

    Optional<Condition> condition(ConditionType type) {
        return live().map(Tenant::getStatus).map(status -> status.conditions()).flatMap(all -> all.stream()
                .filter(condition -> type.name().equals(condition.getType()))
                .findFirst());
    }

    boolean is(ConditionType type) {
        return condition(type)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    /** What the conditions say, for a person who wants to know why nothing happens. */
    String story() {
        List<Condition> conditions =
                live().map(Tenant::getStatus).map(status -> status.conditions()).orElse(List.of());
        if (conditions.isEmpty()) {
            return "Tenant " + namespace() + "/" + name() + " has no conditions";
        }
        StringBuilder story = new StringBuilder();
        for (Condition condition : conditions) {
            story.append(condition.getType())
                    .append('=')
                    .append(condition.getStatus())
                    .append(" (")
                    .append(condition.getReason())
                    .append(": ")
                    .append(condition.getMessage())
                    .append(") ");
        }
        return story.toString().trim();
    }

    /** The published connection strings. */
    Map<String, String> binding() {
        String secret = live().map(Tenant::getStatus)
                .map(status -> status.binding())
                .map(binding -> binding.name())
                .orElseThrow(() -> new DemoFailure("Tenant " + name() + " has no status.binding.name"));
        return api.get(Secret.class, namespace(), secret)
                .map(DemoTenant::text)
                .orElseThrow(() -> new DemoFailure("the binding Secret " + secret + " does not exist"));
    }

    Connection connect(String host, int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role());
        properties.setProperty("password", password());
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + poolName(), properties);
    }

    /** Logs in and runs a statement; who the server says we are. */
    String login(String host, int port) throws SQLException {
        try (Connection connection = connect(host, port);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT current_user || '@' || current_database()")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
