package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Names;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The settings that need a restart; immutable and named by their hash, so that a change is a rollout. */
public final class PoolerConfigMap {
    private PoolerConfigMap() {}

    public static ConfigMap desired(PoolerId id, Map<String, String> settings, PoolerCluster owner) {
        return new ConfigMapBuilder()
                .withMetadata(PoolerMeta.of(id, Names.settings(id, hash(settings)), owner))
                .withImmutable(true)
                .withData(settings)
                .build();
    }

    private static String hash(Map<String, String> settings) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(new TreeMap<>(settings).toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
