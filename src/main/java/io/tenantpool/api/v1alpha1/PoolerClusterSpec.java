package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a PoolerCluster consists of.
 *
 * @param engine immutable; null only before the server's defaults, then {@link Engine#PgBouncer}
 * @param image null means the operator's configured image
 * @param upstreams 1..16, unique names
 * @param listeners 1..8, unique names and ports; null means {@link Listener#computedDefault()}
 * @param allowedTenants null means Tenants of the same namespace
 * @param cells how tenants are divided among poolers; null means the defaults
 * @param tls between clients and poolers; null means that it is required
 * @param pod null means the operator's defaults
 * @param networkPolicy null only before the server's defaults, then {@code enabled: true} and nothing else
 */
@ValidationRule(
        value = "!has(self.allowedTenants) || !has(self.allowedTenants.maxPoolSize) || !has(self.listeners)"
                + " || self.listeners.all(l, !has(l.defaultPoolSize)"
                + " || l.defaultPoolSize <= self.allowedTenants.maxPoolSize)",
        message = "spec.listeners: defaultPoolSize is at most allowedTenants.maxPoolSize, or tenants get by default"
                + " what they may not ask for: lower defaultPoolSize or raise maxPoolSize")
public record PoolerClusterSpec(
        @JsonPropertyDescription("The pooler program. PgBouncer (default) is the only one now. Immutable.")
        @Default("PgBouncer")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.engine is immutable: create another PoolerCluster and move the Tenants to it")
        @Nullable
        Engine engine,

        @JsonPropertyDescription("Image of the pooler, best by digest. Default: the one in the operator's"
                + " configuration. A change is a rolling update.")
        @Size(min = 1, max = 512)
        @Pattern(NameRules.IMAGE)
        @Nullable
        String image,

        @JsonPropertyDescription("PostgreSQL servers, 1 to 16. A Tenant names one of them and never gives a host.")
        @Required
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.all(u, u.tls.mode == self[0].tls.mode)",
                message = "spec.upstreams: PgBouncer has one TLS mode for all its server connections, so every upstream"
                        + " has the same tls.mode: put servers that need another one into a PoolerCluster of their own")
        List<Upstream> upstreams,

        @JsonPropertyDescription("Doors, 1 to 8. If not set, the operator opens one: transaction, on port 6432.")
        @Size(min = 1, max = 8)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, b.port == a.port))",
                message = "spec.listeners: each listener needs a port of its own; change one of them")
        @ValidationRule(
                value = "self.all(n, oldSelf.all(o, o.name != n.name || o.poolMode == n.poolMode))",
                message = "spec.listeners: poolMode is immutable within a listener, because clients rely on"
                        + " it: add a listener with another name and port")
        @ValidationRule(
                value = "self.all(n, oldSelf.all(o, o.name != n.name || o.target == n.target))",
                message = "spec.listeners: target is immutable within a listener, because clients rely on"
                        + " it: add a listener with another name and port")
        @Nullable
        List<Listener> listeners,

        @JsonPropertyDescription("Who may name this PoolerCluster. Default: Tenants of the same namespace.")
        @Default("{\"namespaces\": {\"from\": \"Same\"}}")
        @Nullable
        AllowedTenants allowedTenants,

        @JsonPropertyDescription("How tenants are divided among poolers.") @Nullable
        Cells cells,

        @JsonPropertyDescription(
                "TLS between clients and poolers. Default: required, with certificates that the" + " operator issues.")
        @Default("{\"mode\": \"Require\"}")
        @Nullable
        ClientTls tls,

        @JsonPropertyDescription("Settings of the pooler pods; all optional.") @Nullable
        PodSettings pod,

        @JsonPropertyDescription("Who may reach the poolers, and whom they may reach.") @Default("{}") @Nullable
        NetworkPolicySettings networkPolicy) {

    /**
     * How tenants are divided among poolers.
     *
     * @param maxTenants of one cell, 1..2000; null means {@link #DEFAULT_MAX_TENANTS}
     */
    public record Cells(
            @JsonPropertyDescription("Tenants of one cell, 1 to 2000 (default 500); each cell has poolers of its own."
                    + " A change of a tenant rewrites the files of its cell and stops its poolers for some"
                    + " milliseconds, the longer the more tenants it has. Tenants stay in their cell when this is"
                    + " lowered.")
            @Default("500")
            @Min(1)
            @Max(2000)
            @Nullable
            Integer maxTenants) {

        /** {@link #maxTenants} when none is given. */
        public static final int DEFAULT_MAX_TENANTS = 500;
    }

    /** The pooler program. */
    public enum Engine {
        /** PgBouncer, 1.24 or newer. */
        PgBouncer
    }

    /**
     * TLS between clients and poolers.
     *
     * @param mode null means {@link #DEFAULT_MODE}
     * @param certificateSecretRef null means that the operator issues the certificates
     */
    public record ClientTls(
            @JsonPropertyDescription("Require (default): clients must use TLS. Allow: clients may. Disable: plain text"
                    + " between clients and poolers; SCRAM hides the password, nothing hides queries and results. May be"
                    + " changed at any time: no pod is restarted and no connection is cut.")
            @Default("Require")
            @Nullable
            ClientTlsMode mode,

            @JsonPropertyDescription("Secret of type kubernetes.io/tls in the namespace of the PoolerCluster, with"
                    + " tls.crt, tls.key and ca.crt, as cert-manager writes it. Its DNS names cover the host of every"
                    + " listener (status.listeners); a star for the first label will do. A bad one is reported and the last"
                    + " good one stays. Default: the operator issues certificates and renews them.")
            @Nullable
            LocalSecretRef certificateSecretRef) {

        /** {@link #mode} when none is given. */
        public static final ClientTlsMode DEFAULT_MODE = ClientTlsMode.Require;
    }
}
