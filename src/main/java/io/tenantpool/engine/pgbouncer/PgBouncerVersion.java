package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Finding;
import io.tenantpool.model.TenantModel;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** What PgBouncer knows since which version. */
final class PgBouncerVersion {
    private static final Pattern VERSION = Pattern.compile("PgBouncer (\\d{1,4})\\.(\\d{1,4}).*");
    private static final int MAJOR = 1;
    /** Since 1.26 a database may have its own {@code query_wait_timeout}; 1.24 refuses the whole file for it. */
    private static final int QUERY_WAIT_TIMEOUT = 26;

    private PgBouncerVersion() {}

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
