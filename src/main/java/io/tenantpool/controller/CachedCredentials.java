package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.tenantpool.model.CredentialsLookup;
import io.tenantpool.resource.PoolerSecret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads labelled Secrets from their informer; it holds no others. */
final class CachedCredentials implements CredentialsLookup {
    private static final Set<String> KEYS = Set.of("username", "password");

    private final InformerEventSource<Secret, ?> source;

    CachedCredentials(InformerEventSource<Secret, ?> source) {
        this.source = source;
    }

    @Override
    public Optional<Map<String, String>> find(String namespace, String name) {
        return source.get(new ResourceID(name, namespace)).map(secret -> PoolerSecret.entries(secret, KEYS));
    }
}
