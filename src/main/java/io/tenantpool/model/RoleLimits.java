package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * PgBouncer keeps a limit of a role for the whole process, whichever database the role uses (measured,
 * docs/pgbouncer.md): Tenants that share a role have to agree on it, or one would set it for the other.
 */
final class RoleLimits {
    private static final int NONE = 0;

    private final Map<Key, Map<String, Integer>> current = new HashMap<>();
    private final Map<Key, Set<Integer>> wanted = new HashMap<>();

    /** A role on a door. */
    private record Key(String listener, String role) {}

    /** What Tenants wish: when all who share a role wish the same, each of them may change to it. */
    void want(TenantModel tenant) {
        for (var door : tenant.doors()) {
            for (var role : tenant.roles()) {
                wanted.computeIfAbsent(new Key(door.listener(), role.name()), k -> new HashSet<>())
                        .add(limit(door.limits()));
            }
        }
    }

    /** A tenant that keeps the limits that it has. */
    void stay(Map<String, Placed> doors) {
        doors.forEach((listener, tenant) -> {
            if (tenant.standing().hasPool()) {
                for (var role : tenant.roles()) {
                    wanted.computeIfAbsent(new Key(listener, role.name()), k -> new HashSet<>())
                            .add(limit(tenant.limits()));
                }
            }
        });
    }

    void put(String listener, Placed tenant) {
        for (var role : tenant.roles()) {
            current.computeIfAbsent(new Key(listener, role.name()), k -> new TreeMap<>())
                    .put(tenant.id().uid(), limit(tenant.limits()));
        }
    }

    Optional<Finding> conflict(TenantModel tenant) {
        for (var door : tenant.doors()) {
            for (var role : tenant.roles()) {
                var key = new Key(door.listener(), role.name());
                if (wanted.getOrDefault(key, Set.of()).size() > 1
                        && !others(key, tenant.id()).stream().allMatch(limit -> limit == limit(door.limits()))) {
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

    private Collection<Integer> others(Key key, TenantId self) {
        var limits = new TreeMap<>(current.getOrDefault(key, Map.of()));
        limits.remove(self.uid());
        return limits.values();
    }

    private static int limit(DoorLimits limits) {
        return orNone(limits.idleTransactionTimeoutSeconds());
    }

    private static int orNone(@Nullable Integer limit) {
        return limit == null ? NONE : limit;
    }
}
