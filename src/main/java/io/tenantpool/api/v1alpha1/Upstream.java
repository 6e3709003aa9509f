package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
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
 * A PostgreSQL server that tenants may name; a tenant never gives a host itself.
 *
 * @param name unique in the PoolerCluster, 1..63 characters
 * @param type says which of the members below is set
 * @param staticEndpoints {@code static} in YAML; set if and only if {@code type} is {@link Type#Static}
 * @param tls between poolers and PostgreSQL; null only before the server's defaults, then verified
 * @param connections null means that there is no contract on the number of server connections, unless the server tells
 *     its own
 * @param adminSecretRef of a role that reads the server's settings; null means that the server is not asked
 */
@ValidationRule(
        value = "(self.type == 'Static') == has(self.static)",
        message = "an upstream of type Static has its addresses in the field static: add static.endpoints")
@ValidationRule(
        value = "!(self.tls.mode in ['VerifyFull', 'VerifyCA']) || has(self.tls.caSecretRef)",
        message = "tls.mode VerifyFull (the default) and VerifyCA verify the server and need the CA that signed its"
                + " certificate: put it into a Secret (kubectl create secret generic pg-ca --from-file=ca.crt)"
                + " and set tls.caSecretRef.name; or choose tls.mode Require (encrypted, nobody is verified) or"
                + " Disable (plain text)")
@ValidationRule(
        value = "self.tls.mode in ['VerifyFull', 'VerifyCA'] || !has(self.tls.caSecretRef)",
        message = "tls.caSecretRef is of no use with tls.mode Require or Disable, which verify nobody: choose"
                + " VerifyFull or VerifyCA, or remove caSecretRef")
public record Upstream(
        @JsonPropertyDescription("Name of the server, by which Tenants choose it; a DNS label of at most 63 characters."
                + " A Tenant that names none uses the one called default.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(NameRules.DNS_LABEL)
        String name,

        @JsonPropertyDescription("Where the addresses come from, and the name of the field that has them. Static:"
                + " written down in static. It is the only type now.")
        @Required
        Type type,

        @JsonProperty("static") @JsonPropertyDescription("Addresses that are written down; for type Static.") @Nullable
        StaticEndpoints staticEndpoints,

        @JsonPropertyDescription(
                "TLS between poolers and PostgreSQL. Default: mode VerifyFull, which needs" + " caSecretRef.")
        @Default("{\"mode\": \"VerifyFull\"}")
        @Nullable
        UpstreamTls tls,

        @JsonPropertyDescription("How many server connections the poolers may open, all tenants together: a contract"
                + " that no tenant can break. Without connections.max and adminSecretRef there is none, and the"
                + " status says so.")
        @Nullable
        Connections connections,

        @JsonPropertyDescription("Secret in the namespace of the PoolerCluster with the keys username and password of"
                + " a role that may log in to the database postgres. If connections.max is not set, max_connections"
                + " is read from the server with it.")
        @Nullable
        LocalSecretRef adminSecretRef) {

    /** The mode of {@link #tls}, or the default. */
    public TlsMode tlsMode() {
        var mode = tls == null ? null : tls.mode();
        return mode == null ? TlsMode.VerifyFull : mode;
    }

    /** Where the addresses of an upstream come from. */
    public enum Type {
        /** They are written down. */
        Static
    }

    /**
     * Addresses that are written down.
     *
     * @param endpoints 1..16, exactly one of them the primary
     */
    public record StaticEndpoints(
            @JsonPropertyDescription("Servers, 1 to 16; exactly one has the role Primary.")
            @Required
            @Size(min = 1, max = 16)
            @ValidationRule(
                    value = "self.exists_one(e, e.role == 'Primary')",
                    message = "static.endpoints needs exactly one endpoint with the role Primary (which is the"
                            + " default): set role: Replica on the others")
            List<Endpoint> endpoints) {}

    /**
     * One server.
     *
     * @param host one DNS name or IP address, 1..253 characters
     * @param port 1..65535; null only before the server's defaults, then {@link #DEFAULT_PORT}
     * @param role null only before the server's defaults, then {@link Role#Primary}
     */
    public record Endpoint(
            @JsonPropertyDescription("One DNS name or IP address, at most 253 characters; no list, no path, no user.")
            @Required
            @Size(min = 1, max = 253)
            @Pattern(NameRules.HOST)
            String host,

            @JsonPropertyDescription("TCP port, 1 to 65535 (default 5432).")
            @Default("5432")
            @Min(1)
            @Max(65535)
            @Nullable
            Integer port,

            @JsonPropertyDescription("Primary (default): takes writes; exactly one endpoint has it. Replica: read-only,"
                    + " for listeners with target: Replica. Replicas share one port.")
            @Default("Primary")
            @Nullable
            Role role) {

        /** {@link #port} when none is given. */
        public static final int DEFAULT_PORT = 5432;
    }

    /** What a server is in its replication group. */
    public enum Role {
        /** Takes writes. */
        Primary,
        /** Is read-only. */
        Replica
    }

    /**
     * TLS between poolers and PostgreSQL.
     *
     * @param mode null only before the server's defaults, then {@link TlsMode#VerifyFull}
     * @param caSecretRef set if and only if the mode verifies the server; the rule for it stands at the upstream, because
     *     an API server refuses a default, which has none, that breaks a rule of its own schema
     */
    public record UpstreamTls(
            @JsonPropertyDescription("VerifyFull (default): encrypted, and the server's certificate is from the CA in"
                    + " caSecretRef and for the endpoint's host. VerifyCA: the same, for whatever host. Require:"
                    + " encrypted, but whoever answers is believed. Disable: plain text; SCRAM hides the password,"
                    + " nothing hides queries and results. All upstreams of a PoolerCluster have the same mode.")
            @Default("VerifyFull")
            @Nullable
            TlsMode mode,

            @JsonPropertyDescription("Secret in the namespace of the PoolerCluster with the certificates of the CA, in"
                    + " PEM; for VerifyFull and VerifyCA. Several certificates are all trusted, so that a CA is renewed"
                    + " by publishing the old and the new one first.")
            @Nullable
            CaSecretRef caSecretRef) {}

    /** How a connection to PostgreSQL is encrypted and the server verified. */
    public enum TlsMode {
        /** Encrypted; the certificate is from a known CA and for the host that was asked for. */
        VerifyFull,
        /** Encrypted; the certificate is from a known CA. */
        VerifyCA,
        /** Encrypted; nobody is verified. */
        Require,
        /** Plain text. */
        Disable;

        /** Whether a server without a certificate of a known CA is refused. */
        public boolean verifies() {
            return this == VerifyFull || this == VerifyCA;
        }
    }

    /**
     * A Secret with certificates of a CA, in the namespace of the object that names it.
     *
     * @param name 1..253 characters
     * @param key 1..253 characters; null only before the server's defaults, then {@link #DEFAULT_KEY}
     */
    public record CaSecretRef(
            @JsonPropertyDescription("Name of a Secret in the same namespace, at most 253 characters.")
            @Required
            @Size(min = 1, max = 253)
            @Pattern(NameRules.DNS_SUBDOMAIN)
            String name,

            @JsonPropertyDescription("Key in the Secret, at most 253 characters of A-Z a-z 0-9 - _ . (default ca.crt).")
            @Default(CaSecretRef.DEFAULT_KEY)
            @Size(min = 1, max = 253)
            @Pattern(NameRules.SECRET_KEY)
            @Nullable
            String key) {

        /** {@link #key} when none is given. */
        public static final String DEFAULT_KEY = "ca.crt";
    }

    /**
     * How many server connections the poolers may use.
     *
     * @param max 1..100000; null means that there is no contract
     * @param reserved of {@code max}, kept for the operator's proofs and administrators, 0..1000, below {@code max}
     * @param overcommitPercent of {@code max - reserved} that may be promised, 10..1000; null means
     *     {@link #DEFAULT_OVERCOMMIT_PERCENT}
     */
    @ValidationRule(
            value = "!has(self.max) || !has(self.reserved) || self.reserved < self.max",
            message = "connections.reserved must be less than connections.max, else nothing is left for tenants:"
                    + " raise max or lower reserved")
    public record Connections(
            @JsonPropertyDescription("Server connections, 1 to 100000, that all poolers of this PoolerCluster may open"
                    + " on each server of this upstream; at most PostgreSQL's max_connections less what others use."
                    + " Default: read from the server, if adminSecretRef is set.")
            @Min(1)
            @Max(100000)
            @Nullable
            Integer max,

            @JsonPropertyDescription("Part of max, 0 to 1000, that is not given to tenants but kept for the operator's"
                    + " own logins and for administrators; less than max.")
            @Min(0)
            @Max(1000)
            @Nullable
            Integer reserved,

            @JsonPropertyDescription("Percentage, 10 to 1000 (default 100), of max less reserved that may be promised"
                    + " to tenants. Above 100 is for many that are rarely busy at once: then PostgreSQL can run out of"
                    + " connections, and idle ones are let go quickly at 85 % of max.")
            @Default("100")
            @Min(10)
            @Max(1000)
            @Nullable
            Integer overcommitPercent) {

        /** {@link #overcommitPercent} when none is given. */
        public static final int DEFAULT_OVERCOMMIT_PERCENT = 100;
    }
}
