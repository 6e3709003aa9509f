package io.tenantpool.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A Secret in the namespace of the object that names it.
 *
 * @param name 1..253 characters
 */
public record LocalSecretRef(
        @JsonPropertyDescription("Name of a Secret in the same namespace, at most 253 characters.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(NameRules.DNS_SUBDOMAIN)
        String name) {}
