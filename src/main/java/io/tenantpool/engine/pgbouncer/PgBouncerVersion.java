package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Finding;
import io.tenantpool.model.TenantModel;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** What PgBouncer knows since which version. */
final class PgBouncerVersion {
    private static final Pattern VERSION =
            Pattern.compile("PgBouncer (\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d).*");
    private static final int MAJOR = 1;
    /** The oldest version without a known hole. */
    static final String SOUND = "1.26.1";

    /** In the order of the versions that close them, as PgBouncer's changelog has them. */
    private static final List<Hole> HOLES = List.of(
            new Hole("CVE-2025-2291", 0, 24, 1), // an expired password still logs in by auth_query
            new Hole("CVE-2025-12819", 0, 25, 1), // search_path of a client reaches auth_query
            new Hole("CVE-2026-6664", 0, 25, 2), // a crash without a login
            new Hole("CVE-2026-6665", 0, 25, 2),
            new Hole("CVE-2026-6666", 0, 25, 2),
            new Hole("CVE-2026-6667", 0, 25, 2), // KILL_CLIENT by whoever may only look
            new Hole("CVE-2026-107350", 17, 26, 1)); // one user's password logs in as any other

    /** Since 1.26 a database may have its own {@code query_wait_timeout}; 1.24 refuses the whole file for it. */
    private static final int QUERY_WAIT_TIMEOUT = 26;

    private PgBouncerVersion() {}

    /** A hole of versions 1.{@code from}.0 up to, and without, 1.{@code minor}.{@code patch}. */
    private record Hole(String id, int from, int minor, int patch) {
        boolean isIn(int otherMinor, int otherPatch) {
            return otherMinor >= from && (otherMinor < minor || otherMinor == minor && otherPatch < patch);
        }
    }

    /** What a distribution closed without another version is counted as well: the version does not tell. */
    static List<String> holes(String version) {
        var match = VERSION.matcher(version);
        if (!match.matches() || Integer.parseInt(match.group(1)) != MAJOR) {
            return List.of();
        }
        var minor = Integer.parseInt(match.group(2));
        var patch = match.group(3) == null ? 0 : Integer.parseInt(match.group(3));
        return HOLES.stream()
                .filter(hole -> hole.isIn(minor, patch))
                .map(Hole::id)
                .toList();
    }

    static Optional<Finding> unsupported(TenantModel tenant, SortedSet<String> versions) {
        var old = versions.stream()
                .filter(version -> isBefore(version, QUERY_WAIT_TIMEOUT))
                .findFirst();
        return old.flatMap(version -> tenant.doors().stream()
                .filter(door -> door.limits().queryWaitTimeoutSeconds() != null)
                .findFirst()
                .map(door -> Finding.keeping(
                        Reason.NotSupported,
                        ("spec.listeners[%s].queryWaitTimeoutSeconds: needs PgBouncer 1.26 or newer, and a pod runs %s;"
                                        + " remove the field, or have spec.image of the PoolerCluster changed")
                                .formatted(door.listener(), version))));
    }

    static TenantModel careful(TenantModel tenant) {
        return tenant.withDoors(tenant.doors().stream()
                .map(door -> door.withLimits(new DoorLimits(
                        door.limits().maxClientConnectionsPerPod(),
                        null,
                        door.limits().idleTransactionTimeoutSeconds())))
                .toList());
    }

    private static boolean isBefore(String version, int minor) {
        var match = VERSION.matcher(version);
        return match.matches() && Integer.parseInt(match.group(1)) == MAJOR && Integer.parseInt(match.group(2)) < minor;
    }
}
