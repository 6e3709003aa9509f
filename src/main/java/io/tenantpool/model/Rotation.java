package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides which of two passwords a tenant is served with while one takes the place of the other. The one that is served
 * stays until PostgreSQL knows the new one.
 */
public final class Rotation {
    private final Map<Key, Set<Secret>> served = new HashMap<>();

    /** Tenants may share a role, and then its password: one of them must not bring the others what the gate kept back. */
    private record Key(String role, String source) {
        static Key of(Role role) {
            return new Key(role.name(), role.source());
        }
    }

    /** @param held what the poolers serve now */
    public Rotation(List<HeldPooler> held) {
        held.stream()
                .flatMap(pooler -> pooler.tenants().stream())
                .filter(tenant -> tenant.standing().hasPool())
                .flatMap(tenant -> tenant.roles().stream())
                .forEach(role -> served.computeIfAbsent(Key.of(role), key -> new LinkedHashSet<>())
                        .add(role.password()));
    }

    /**
     * The tenant with each changed password that PostgreSQL knows, and the served one in place of each other.
     *
     * @param answers what PostgreSQL says of the password of a role that is to replace one that is served
     */
    public Resolution apply(Resolution resolution, Function<Role, PasswordAnswer> answers) {
        if (!(resolution instanceof Resolution.Resolved resolved)) {
            return resolution;
        }
        var model = resolved.model();
        var roles = new ArrayList<Role>();
        Finding finding = resolved.partial();
        for (var role : model.roles()) {
            var passwords = served.getOrDefault(Key.of(role), Set.of());
            var answer = answer(model, role, passwords, answers);
            if (answer == PasswordAnswer.REJECTED) {
                finding = rejected(role);
            }
            roles.add(
                    answer == PasswordAnswer.REJECTED || answer == PasswordAnswer.PENDING
                            ? new Role(role.name(), passwords.iterator().next(), role.source())
                            : role);
        }
        return new Resolution.Resolved(model.withRoles(roles), finding);
    }

    private static PasswordAnswer answer(
            TenantModel model, Role role, Set<Secret> passwords, Function<Role, PasswordAnswer> answers) {
        // One door that has it already was told of it when it was known.
        if (passwords.isEmpty() || passwords.contains(role.password())) {
            return PasswordAnswer.ACCEPTED;
        }
        // Who is suspended needs no password, and has to leave that of others alone.
        return model.suspended() ? PasswordAnswer.PENDING : answers.apply(role);
    }

    private static Finding rejected(Role role) {
        return Finding.keeping(
                        Reason.PasswordRejected,
                        ("PostgreSQL does not know the password in Secret %s for role %s, so the one before keeps serving;"
                                        + " correct the Secret, or: ALTER ROLE \"%s\" PASSWORD '…'. It is tried again every"
                                        + " second")
                                .formatted(role.source(), role.name(), role.name()))
                .asPartial();
    }
}
