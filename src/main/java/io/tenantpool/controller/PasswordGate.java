package io.tenantpool.controller;

import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.PasswordAnswer;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.Role;
import io.tenantpool.model.Rotation;
import io.tenantpool.model.TenantModel;
import io.tenantpool.upstream.PasswordChecks;
import io.tenantpool.upstream.ServerAddress;
import io.tenantpool.upstream.Transport;
import io.tenantpool.upstream.UpstreamKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/** Lets a changed password through to the poolers when PostgreSQL knows it, and has PostgreSQL asked. */
public final class PasswordGate {
    private final PasswordChecks checks;

    public PasswordGate(PasswordChecks checks) {
        this.checks = checks;
    }

    /** @param held what the poolers serve now */
    List<Resolution> pass(
            PoolerCluster cluster, ClusterModel model, List<Resolution> resolutions, List<HeldPooler> held) {
        var rotation = new Rotation(held);
        var asked = new HashSet<PasswordChecks.Question>();
        var passed = resolutions.stream()
                .map(resolution -> rotation.apply(
                        resolution,
                        role -> ask(cluster, model, ((Resolution.Resolved) resolution).model(), role, asked)))
                .toList();
        checks.retainAll(cluster.getMetadata().getUid(), asked);
        return passed;
    }

    /** Upstreams that could not be asked. */
    SortedSet<String> unchecked(PoolerCluster cluster) {
        return checks.unchecked(cluster.getMetadata().getUid());
    }

    /** Drops all that is known of a PoolerCluster. */
    void forget(String clusterUid) {
        checks.forget(clusterUid);
    }

    private PasswordAnswer ask(
            PoolerCluster cluster,
            ClusterModel model,
            TenantModel tenant,
            Role role,
            Set<PasswordChecks.Question> asked) {
        var meta = cluster.getMetadata();
        var upstream = tenant.upstream();
        var question = new PasswordChecks.Question(
                new UpstreamKey(meta.getUid(), meta.getNamespace(), meta.getName(), upstream.name()),
                new ServerAddress(upstream.host(), upstream.port()),
                role.name(),
                role.password());
        asked.add(question);
        return checks.ask(question, Transport.of(model.serverTls(), upstream.name()), tenant.database());
    }
}
