package io.tenantpool.controller;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.model.Verdict;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the PoolerCluster reconciler decided last, for the Tenant reconciler to report. Lost and made again at a restart. */
public final class Verdicts {
    private final Map<ResourceID, Map<String, Verdict>> byCluster = new ConcurrentHashMap<>();
    private final Signals signals;

    public Verdicts(Signals signals) {
        this.signals = signals;
    }

    void publish(ResourceID cluster, Map<String, Verdict> verdicts) {
        var before = byCluster.put(cluster, verdicts);
        verdicts.forEach((uid, verdict) -> {
            if (before == null || !verdict.equals(before.get(uid))) {
                signals.tenantChanged(verdict.id());
            }
        });
    }

    /** Null until the PoolerCluster was reconciled with this Tenant. */
    @Nullable
    Verdict find(ResourceID cluster, String tenantUid) {
        return byCluster.getOrDefault(cluster, Map.of()).get(tenantUid);
    }
}
