package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PgBouncer keeps a limit of a role for the whole process, whichever database the role uses (measured,
 * docs/pgbouncer.md): Tenants that share a role have to agree on it, or one would set it for the other.
 */
final class RoleLimits {
    private static final int NONE = 0;

    private final Map<Key, Map<String, Integer>> current = new HashMap<>();
    private final Map<Key, Map<String, Integer>> wanted = new HashMap<>();

    /** A role on a door. */
    private record Key(String listener, String role) {}

    /** What a Tenant that is served changes to with this plan: when all who share a role do, each of them may. */
    void want(TenantModel tenant) {
        for (var door : tenant.doors()) {
            for (var role : tenant.roles()) {
                wanted.computeIfAbsent(new Key(door.listener(), role.name()), k -> new HashMap<>())
                        .put(tenant.id().uid(), limit(door.limits()));
            }
        }
    }

    /** It keeps what it has after all. */
    void stay(TenantId tenant) {
        wanted.values().forEach(limits -> limits.remove(tenant.uid()));
    }

    /** What is in force; a tenant without a pool limits nobody. */
    void put(String listener, Placed tenant) {
        for (var role : tenant.roles()) {
            var limits = current.computeIfAbsent(new Key(listener, role.name()), k -> new HashMap<>());
            if (tenant.standing().hasPool()) {
                limits.put(tenant.id().uid(), limit(tenant.limits()));
            } else {
                limits.remove(tenant.id().uid());
            }
        }
    }

    Optional<Finding> conflict(TenantModel tenant) {
        for (var door : tenant.doors()) {
            for (var role : tenant.roles()) {
                if (!isShared(new Key(door.listener(), role.name()), tenant.id(), limit(door.limits()))) {
                    return Optional.of(Finding.keeping(
                            Reason.LimitsConflict,
                            ("spec.listeners[%s].idleTransactionTimeoutSeconds: another Tenant that uses role '%s' has"
                                            + " another limit, and a role has one for all of its pools; set the same in"
                                            + " both, or use a role of your own")
                                    .formatted(door.listener(), role.name())));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether everybody else who has the role has the same limit, or will have it. */
    private boolean isShared(Key key, TenantId self, int limit) {
        var changes = wanted.getOrDefault(key, Map.of());
        return current.getOrDefault(key, Map.of()).entrySet().stream()
                .filter(other -> !other.getKey().equals(self.uid()))
                .allMatch(other -> changes.getOrDefault(other.getKey(), other.getValue()) == limit);
    }

    private static int limit(DoorLimits limits) {
        return orNone(limits.idleTransactionTimeoutSeconds());
    }

    private static int orNone(@Nullable Integer limit) {
        return limit == null ? NONE : limit;
    }
}
