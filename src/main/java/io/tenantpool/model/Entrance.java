package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the platform team lets Tenants ask for. Who has more already keeps it. */
final class Entrance {
    private final Admission admission;
    private final Set<String> untrusted;
    private final Map<String, Set<String>> tenants = new HashMap<>();

    /** @param untrusted upstreams that nobody new is let in to */
    Entrance(Admission admission, Set<String> untrusted) {
        this.admission = admission;
        this.untrusted = untrusted;
    }

    void entered(TenantId tenant) {
        tenants.computeIfAbsent(tenant.namespace(), n -> new HashSet<>()).add(tenant.uid());
    }

    /**
     * @param before what the tenant has, by listener
     * @param dedicated whether it has pods of its own already
     */
    Optional<Finding> refuses(TenantModel model, Map<String, Placed> before, boolean dedicated) {
        if (model.dedicated() && !admission.dedicated() && !dedicated) {
            return Optional.of(Finding.keeping(
                    Reason.DedicatedNotAllowed,
                    "spec.isolation: the PoolerCluster does not allow Dedicated; create the Tenant with isolation: Shared,"
                            + " or ask its owner to set spec.allowedTenants.dedicated"));
        }
        return verified(model, before).or(() -> namespace(model)).or(() -> sizes(model, before));
    }

    private Optional<Finding> verified(TenantModel model, Map<String, Placed> before) {
        var upstream = model.upstream().name();
        return before.isEmpty() && untrusted.contains(upstream)
                ? Optional.of(Finding.keeping(
                        Reason.UpstreamNotVerified,
                        ("spec.upstream: nothing verifies the servers of upstream '%s' yet, so nobody new is let in to"
                                        + " them; the PoolerCluster's owner finds the reason in its condition"
                                        + " UpstreamsVerified")
                                .formatted(upstream)))
                : Optional.empty();
    }

    private Optional<Finding> namespace(TenantModel model) {
        var max = admission.maxPerNamespace();
        var there = tenants.getOrDefault(model.id().namespace(), Set.of());
        if (max == null || there.contains(model.id().uid()) || there.size() < max) {
            return Optional.empty();
        }
        return Optional.of(Finding.keeping(
                Reason.NamespaceFull,
                ("metadata.namespace: namespace %s has %d Tenants here, as many as spec.allowedTenants.maxPerNamespace of"
                                + " the PoolerCluster lets in; delete one, or ask its owner to raise it")
                        .formatted(model.id().namespace(), there.size())));
    }

    private Optional<Finding> sizes(TenantModel model, Map<String, Placed> before) {
        var max = admission.maxPoolSize();
        if (max == null) {
            return Optional.empty();
        }
        return model.doors().stream()
                .filter(door -> door.poolSize() > max)
                .filter(door -> {
                    var held = before.get(door.listener());
                    return held == null || held.grant().poolSize() < door.poolSize();
                })
                .findFirst()
                .map(door -> Finding.keeping(
                        Reason.PoolSizeNotAllowed,
                        ("spec.listeners[%s].poolSize: %d is more than the %d that spec.allowedTenants.maxPoolSize of the"
                                        + " PoolerCluster lets a Tenant ask for; lower it, or ask its owner to raise it")
                                .formatted(door.listener(), door.poolSize(), max)));
    }

    static Finding noDoor() {
        return Finding.keeping(
                Reason.NoReplica,
                "spec.listeners: no listener of the PoolerCluster leads to a server that the Tenant's upstream has; have a"
                        + " listener or an endpoint added");
    }

    static Finding tooLarge() {
        return Finding.keeping(
                Reason.TooLarge,
                "spec.users: the files of this Tenant's cell would be larger than a Secret can be; use shorter passwords or"
                        + " fewer users, or create another Tenant");
    }
}
