package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The operator's ServiceAccount with the rights of {@code manifests/rbac}, as a platform team would give them. */
public final class OperatorRights {
    private static final String NAMESPACE = "tenantpool-system";
    private static final String ACCOUNT = "tenantpool";
    private static final String USER = "system:serviceaccount:" + NAMESPACE + ":" + ACCOUNT;
    private static final String OF_A_NAMESPACE = "poolers-namespace.yaml";
    private static final Duration TOKEN_LASTS = Duration.ofHours(12);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private OperatorRights() {}

    /** What may be done with a resource, named as in the operator's metrics. */
    public record Right(String verb, String resource) implements Comparable<Right> {
        @Override
        public int compareTo(Right other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return verb + " " + resource;
        }
    }

    /** Everything that the roles allow, in every namespace or where poolers run. */
    public static Set<Right> granted() {
        var rights = new TreeSet<Right>();
        manifests().stream()
                .filter(ClusterRole.class::isInstance)
                .flatMap(role -> ((ClusterRole) role).getRules().stream())
                .forEach(rule -> rule.getApiGroups()
                        .forEach(group -> rule.getResources().forEach(resource -> rule.getVerbs()
                                .forEach(verb -> rights.add(new Right(verb, named(resource, group)))))));
        return rights;
    }

    /** {@code tenants/status} of the group {@code tenantpool.io} as {@code tenants.tenantpool.io/status}. */
    private static String named(String resource, String group) {
        var slash = resource.indexOf('/');
        var subresource = slash < 0 ? "" : resource.substring(slash);
        var plain = slash < 0 ? resource : resource.substring(0, slash);
        return plain + (group.isEmpty() ? "" : "." + group) + subresource;
    }

    /** Applies {@code manifests/rbac}. */
    public static void install(KubernetesClient administrator) {
        manifests()
                .forEach(object ->
                        administrator.resource(object).forceConflicts().serverSideApply());
    }

    /** Lets the operator run poolers in this namespace; returns when the API server knows. */
    public static void letRunPoolers(KubernetesClient administrator, String namespace) {
        administrator
                .load(Manifest.stream(text(OF_A_NAMESPACE)))
                .inNamespace(namespace)
                .forceConflicts()
                .serverSideApply();
        await("the operator may run poolers in " + namespace)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> mayCreateDeployments(administrator, namespace));
    }

    private static boolean mayCreateDeployments(KubernetesClient administrator, String namespace) {
        var review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(USER)
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb("create")
                .withGroup("apps")
                .withResource("deployments")
                .endResourceAttributes()
                .endSpec()
                .build();
        return administrator
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }

    /** A client that acts as the operator's ServiceAccount; the caller closes it. */
    public static KubernetesClient impersonated(String administratorsKubeconfig) {
        var config = Config.fromKubeconfig(administratorsKubeconfig);
        config.setImpersonateUsername(USER);
        config.setImpersonateGroups(
                "system:serviceaccounts", "system:serviceaccounts:" + NAMESPACE, "system:authenticated");
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Writes a kubeconfig with a token of the ServiceAccount, which nobody else on this machine may read. */
    static Path kubeconfig(KubernetesClient administrator) {
        var token = administrator
                .serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(ACCOUNT)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_LASTS.toSeconds())
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        var cluster = administrator.getConfiguration();
        var text = Serialization.asYaml(new ConfigBuilder()
                .addNewCluster()
                .withName("test")
                .withNewCluster()
                .withServer(cluster.getMasterUrl())
                .withCertificateAuthority(cluster.getCaCertFile())
                .withCertificateAuthorityData(cluster.getCaCertData())
                .endCluster()
                .endCluster()
                .addNewUser()
                .withName(ACCOUNT)
                .withNewUser()
                .withToken(token)
                .endUser()
                .endUser()
                .addNewContext()
                .withName("test")
                .withNewContext()
                .withCluster("test")
                .withUser(ACCOUNT)
                .endContext()
                .endContext()
                .withCurrentContext("test")
                .build());
        try {
            var directory = BuildDirectory.create(BuildDirectory.resolve("operator"));
            var onlyOurs = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            return Files.writeString(Files.createTempFile(directory, "kubeconfig-", ".yaml", onlyOurs), text);
        } catch (IOException e) {
            throw new UncheckedIOException("the operator's kubeconfig could not be written", e);
        }
    }

    private static List<HasMetadata> manifests() {
        var kustomization = Serialization.unmarshal(text("kustomization.yaml"), Map.class);
        var files = (List<?>) Objects.requireNonNull(kustomization.get("resources"));
        return files.stream().flatMap(file -> objects((String) file).stream()).toList();
    }

    private static List<HasMetadata> objects(String file) {
        return Stream.of(text(file).split("(?m)^---$"))
                .<HasMetadata>map(Serialization::unmarshal)
                .toList();
    }

    private static String text(String file) {
        try {
            return Files.readString(
                    BuildDirectory.projectRoot().resolve("manifests/rbac").resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
