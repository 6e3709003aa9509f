package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The certificate authority of one PoolerCluster; no pod mounts it. */
public final class AuthoritySecret {
    private AuthoritySecret() {}

    public static Secret desired(PoolerCluster cluster, Map<String, io.tenantpool.model.Secret> entries) {
        var data = new TreeMap<String, String>();
        entries.forEach((key, text) ->
                data.put(key, Base64.getEncoder().encodeToString(text.value().getBytes(StandardCharsets.UTF_8))));
        var meta = cluster.getMetadata();
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(Names.authority(meta.getName()))
                .withLabels(Map.of(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE, Labels.POOLER_CLUSTER, meta.getName()))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(cluster.getApiVersion())
                        .withKind(cluster.getKind())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withType("tenantpool.io/authority")
                .withData(data)
                .build();
    }
}
