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
    private final Map<String, Map<String, Set<Secret>>> served = new HashMap<>();

    /** @param held what the poolers serve now */
    public Rotation(List<HeldPooler> held) {
        for (var pooler : held) {
            for (var tenant : pooler.tenants()) {
                if (tenant.standing().hasPool()) {
                    var roles = served.computeIfAbsent(tenant.id().uid(), uid -> new HashMap<>());
                    tenant.roles().forEach(role -> roles.computeIfAbsent(role.name(), name -> new LinkedHashSet<>())
                            .add(role.password()));
                }
            }
        }
    }

    /**
     * The tenant with each changed password that PostgreSQL knows, and the served one in place of each other.
     *
     * @param answers what PostgreSQL says of the password of a role that is to replace one that is served
     */
    public Resolution apply(Resolution resolution, Function<Role, PasswordAnswer> answers) {
        if (!(resolution instanceof Resolution.Resolved resolved)
                || resolved.model().suspended()) {
            return resolution;
        }
        var model = resolved.model();
        var before = served.getOrDefault(model.id().uid(), Map.of());
        var roles = new ArrayList<Role>();
        Finding finding = resolved.partial();
        for (var role : model.roles()) {
            var passwords = before.getOrDefault(role.name(), Set.of());
            // One door that has it already was told of it when it was known.
            var answer = passwords.isEmpty() || passwords.contains(role.password())
                    ? PasswordAnswer.ACCEPTED
                    : answers.apply(role);
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
