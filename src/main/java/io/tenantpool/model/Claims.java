package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who holds which pool name and which role name in a PoolerCluster. PgBouncer's user list is one per process: a second
 * holder of a role could set the first one's password and read its data.
 */
final class Claims {
    private final Map<String, String> poolNames = new HashMap<>();
    private final Map<String, RoleClaim> roles = new HashMap<>();
    private final Set<String> stillServed;

    /** @param stillServed names that were let go but that some pod may still serve */
    Claims(Set<String> stillServed) {
        this.stillServed = new HashSet<>(stillServed);
    }

    /** The Secret that a role's password comes from, and the Tenants that use it. */
    private record RoleClaim(String source, Set<String> holders) {
        boolean admits(Role role, TenantId id) {
            return source.equals(role.source()) || holders.equals(Set.of(id.uid()));
        }
    }

    void claim(TenantId id, String poolName, List<Role> names) {
        poolNames.putIfAbsent(poolName, id.uid());
        for (var role : names) {
            var claim = roles.get(role.name());
            if (claim == null || !claim.source().equals(role.source()) && claim.admits(role, id)) {
                claim = new RoleClaim(role.source(), new HashSet<>());
                roles.put(role.name(), claim);
            }
            claim.holders().add(id.uid());
        }
    }

    /** Names that leave the pooler with this very plan: every pod serves them until it has the new content. */
    void leaving(String poolName, List<Role> names) {
        stillServed.add(poolName);
        names.forEach(role -> stillServed.add(role.name()));
    }

    /** Why {@code tenant} can't have its names; the message tells nothing about who has them. */
    Optional<Finding> conflict(TenantModel tenant) {
        var holder = poolNames.get(tenant.poolName());
        if (holder != null && !holder.equals(tenant.id().uid())) {
            return Optional.of(Finding.keeping(
                    Reason.PoolNameTaken,
                    "spec.poolName: '%s' belongs to another Tenant of this PoolerCluster; set spec.poolName to a name that is free"
                            .formatted(tenant.poolName())));
        }
        for (var role : tenant.roles()) {
            var claim = roles.get(role.name());
            if (claim != null && !claim.admits(role, tenant.id())) {
                return Optional.of(Finding.keeping(
                        Reason.RoleNameTaken,
                        ("spec.users: role '%s' (username in Secret %s) belongs to another Tenant of this PoolerCluster;"
                                        + " use a role of your own, or the same Secret in the same namespace")
                                .formatted(role.name(), role.source())));
            }
        }
        return served(tenant, holder == null);
    }

    static Finding stillServed() {
        return Finding.keeping(
                Reason.NameStillServed,
                "spec.poolName, spec.users: a pooler pod still serves these names for a pool that was removed; this"
                        + " Tenant follows by itself as soon as it is gone from every pod");
    }

    private Optional<Finding> served(TenantModel tenant, boolean newName) {
        var newRoles = tenant.roles().stream().map(Role::name).filter(role -> !roles.containsKey(role));
        if (!(newName && stillServed.contains(tenant.poolName())) && newRoles.noneMatch(stillServed::contains)) {
            return Optional.empty();
        }
        return Optional.of(stillServed());
    }
}
