package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that RELOAD reads for one revision, and the index of who is served. */
public final class PoolerSecret {
    private PoolerSecret() {}

    /** @param resourceVersion of the Secret that is replaced, or null to create it: a lost race must not be overwritten */
    public static Secret desired(
            PoolerId id, PoolerFiles files, PoolerCluster owner, @Nullable String resourceVersion) {
        var data = new TreeMap<String, String>();
        files.projected().forEach((key, text) -> data.put(key, encode(text.value())));
        files.kept().forEach((key, text) -> data.put(key, encode(text.value())));
        var meta = PoolerMeta.of(id, Names.pooler(id), owner);
        meta.setAnnotations(Map.of(Labels.REVISION, files.revision()));
        meta.setResourceVersion(resourceVersion);
        return new SecretBuilder()
                .withMetadata(meta)
                .withType("tenantpool.io/pooler")
                .withData(data)
                .build();
    }

    /** The entries of a Secret as text. */
    public static Map<String, String> entries(Secret secret) {
        return secret.getData() == null
                ? Map.of()
                : entries(secret, secret.getData().keySet());
    }

    /** Those of the entries, as text, that are asked for and there. */
    public static Map<String, String> entries(Secret secret, Set<String> keys) {
        var entries = new HashMap<String, String>();
        if (secret.getData() != null) {
            for (var key : keys) {
                var value = secret.getData().get(key);
                if (value != null) {
                    entries.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
                }
            }
        }
        return entries;
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
