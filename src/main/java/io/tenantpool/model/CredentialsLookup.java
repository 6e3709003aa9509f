package io.tenantpool.model;

import java.util.Map;
import java.util.Optional;

/** Reads a Secret that its owner labelled for us. */
@FunctionalInterface
public interface CredentialsLookup {
    /** The decoded entries of the Secret, or empty when there is none that we may read. */
    Optional<Map<String, String>> find(String namespace, String name);
}
