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
 * What a Tenant asks for.
 *
 * @param poolerClusterRef may change: the tenant moves
 * @param upstream immutable; {@value #DEFAULT_UPSTREAM} by the server's default
 * @param database immutable, 1..63 bytes
 * @param poolName immutable, 1..63 bytes; null means {@code database}, which is then a valid pool name
 * @param users 1..8, unique names
 * @param listeners 1..8, unique names; null means every listener with its defaults
 * @param isolation immutable; null only before the server's defaults, then {@link Isolation#Shared}
 * @param suspend null means false
 * @param drainTimeoutSeconds 0..3600; null means 0
 */
@ValidationRule(
        value = "has(self.poolName) || (self.database.matches('" + NameRules.POOL_NAME + "') && !(self.database in "
                + NameRules.RESERVED_POOL_NAMES + ") && !self.database.startsWith('" + NameRules.RESERVED_PREFIX
                + "'))",
        message = "spec.database cannot also be the pool name (lower case, digits, _ . - only; reserved: "
                + NameRules.RESERVED_TEXT + "): set spec.poolName to the name that clients will ask for",
        fieldPath = ".database")
@ValidationRule(
        value = "has(self.poolName) == has(oldSelf.poolName)",
        message =
                "spec.poolName is immutable and cannot be added or removed: create another Tenant and delete this one",
        fieldPath = ".poolName")
public record TenantSpec(
        @JsonPropertyDescription("The PoolerCluster that serves this tenant. It may change: the tenant moves.")
        @Required
        PoolerClusterRef poolerClusterRef,

        @JsonPropertyDescription("Name of one of the PoolerCluster's upstreams (default: default). Immutable.")
        @Default(TenantSpec.DEFAULT_UPSTREAM)
        @Size(min = 1, max = 63)
        @Pattern(NameRules.DNS_LABEL)
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.upstream is immutable: create another Tenant and delete this one")
        String upstream,

        @JsonPropertyDescription("Name of the database in PostgreSQL, 1 to 63 characters of A-Z a-z 0-9 _ . - and not"
                + " beginning with . or -. It need not exist yet. Immutable.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(NameRules.DATABASE)
        @ValidationRule(
                value = "!(self in ['template0', 'template1'])",
                message = "spec.database must not be a template database of PostgreSQL: name the tenant's own")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.database is immutable: create another Tenant and delete this one")
        String database,

        @JsonPropertyDescription("The database name that clients ask the pooler for, 1 to 63 characters of a-z 0-9 _ ."
                + " - and not beginning with . or -. Default: the database. One Tenant holds it per"
                + " PoolerCluster. Immutable.")
        @Size(min = 1, max = 63)
        @Pattern(NameRules.POOL_NAME)
        @ValidationRule(
                value = "!(self in " + NameRules.RESERVED_POOL_NAMES + ") && !self.startsWith('"
                        + NameRules.RESERVED_PREFIX + "')",
                message = "spec.poolName is reserved (" + NameRules.RESERVED_TEXT + "): choose another name")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.poolName is immutable: create another Tenant and delete this one")
        @Nullable
        String poolName,

        @JsonPropertyDescription("Roles that log in, 1 to 8.") @Required @Size(min = 1, max = 8)
        List<TenantUser> users,

        @JsonPropertyDescription("Doors of the PoolerCluster that this tenant uses, 1 to 8. Default: every door, with"
                + " the listener's defaults.")
        @Size(min = 1, max = 8)
        @Nullable
        List<TenantListener> listeners,

        @JsonPropertyDescription("Shared (default): the tenant shares pooler pods with others. Dedicated: it has pods,"
                + " Secrets and policies of its own; the PoolerCluster must allow it in allowedTenants.dedicated."
                + " Immutable.")
        @Default("Shared")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.isolation is immutable: create another Tenant and delete this one")
        @Nullable
        Isolation isolation,

        @JsonPropertyDescription("Takes the tenant out of the poolers and keeps this object and its names (default"
                + " false). Its connections are free for others meanwhile.")
        @Default("false")
        @Nullable
        Boolean suspend,

        @JsonPropertyDescription("Seconds, 0 to 3600 (default 0), in which clients that are connected may finish when"
                + " the tenant is deleted or suspended; new logins are refused at once. With 0 everybody is"
                + " disconnected at once.")
        @Default("0")
        @Min(0)
        @Max(3600)
        @Nullable
        Integer drainTimeoutSeconds) {

    /** The upstream of a Tenant that names none. */
    public static final String DEFAULT_UPSTREAM = "default";

    /** Whom the tenant shares pooler pods with. */
    public enum Isolation {
        /** With other Tenants. */
        Shared,
        /** With nobody. */
        Dedicated
    }
}
