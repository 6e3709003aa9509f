package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A role of the tenant; its PostgreSQL name is the {@code username} of the Secret.
 *
 * @param name of this entry, not of the role; 1..63 characters
 * @param credentialsSecretRef in the Tenant's namespace
 */
public record TenantUser(
        @JsonPropertyDescription("Name of this entry, a DNS label of at most 63 characters. The PostgreSQL role is the"
                + " username in the Secret.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(NameRules.DNS_LABEL)
        String name,

        @JsonPropertyDescription("Secret of type kubernetes.io/basic-auth in the Tenant's namespace, with username and"
                + " password. Its owner labels it tenantpool.io/credentials: \"true\", else it is not read.")
        @Required
        LocalSecretRef credentialsSecretRef) {}
