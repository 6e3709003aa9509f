package io.tenantpool.controller;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.model.Finding;
import io.tenantpool.model.TenantId;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.model.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the PoolerCluster reconciler decided last, for the Tenant reconciler to report. Lost and made again at a restart. */
public final class Verdicts {
    private final Map<ResourceID, Map<String, Verdict>> byCluster = new ConcurrentHashMap<>();
    private final Signals signals;
    private final Consumer<String> gone;

    /** @param gone told the UID of each Tenant that is decided on no more */
    public Verdicts(Signals signals, Consumer<String> gone) {
        this.signals = signals;
        this.gone = gone;
    }

    void publish(ResourceID cluster, Map<String, Verdict> verdicts) {
        var before = byCluster.put(cluster, verdicts);
        verdicts.forEach((uid, verdict) -> {
            if (before == null || !verdict.equals(before.get(uid))) {
                signals.tenantChanged(verdict.id());
            }
        });
        if (before != null) {
            before.keySet().stream().filter(uid -> !verdicts.containsKey(uid)).forEach(gone);
        }
    }

    /**
     * Tells Tenants that nobody served yet why nobody does; who was proven before is served on and hears nothing.
     *
     * @param admits namespaces whose Tenants may know that there is this PoolerCluster
     */
    void publishInvalid(ResourceID cluster, List<Tenant> tenants, Predicate<String> admits) {
        var verdicts = new HashMap<>(byCluster.getOrDefault(cluster, Map.of()));
        for (var tenant : tenants) {
            var meta = tenant.getMetadata();
            var status = tenant.getStatus();
            if (status == null || status.proven() == null) {
                var id = new TenantId(meta.getUid(), meta.getNamespace(), meta.getName());
                verdicts.compute(
                        meta.getUid(),
                        (uid, known) -> known != null && known.generation() == meta.getGeneration()
                                ? known
                                : Verdict.refused(
                                        id, meta.getGeneration(), invalid(cluster, id, admits.test(id.namespace()))));
            }
        }
        publish(cluster, verdicts);
    }

    private static Finding invalid(ResourceID cluster, TenantId tenant, boolean admitted) {
        return admitted
                ? Finding.keeping(
                        Reason.Invalid,
                        "spec.poolerClusterRef: the PoolerCluster is not valid; its owner finds the reason in its"
                                + " condition Accepted")
                : TenantResolver.notFound(cluster.getNamespace().orElse(""), cluster.getName(), tenant.namespace());
    }

    /** Null until the PoolerCluster was reconciled with this Tenant. */
    @Nullable
    Verdict find(ResourceID cluster, String tenantUid) {
        return byCluster.getOrDefault(cluster, Map.of()).get(tenantUid);
    }
}
