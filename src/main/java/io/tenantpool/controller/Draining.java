package io.tenantpool.controller;

import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.naming.Labels;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Tenants whose deletion waits for their clients. */
final class Draining {
    private Draining() {}

    /** Whether the Tenant asks for time when it is deleted. */
    static boolean isWanted(Tenant tenant) {
        return seconds(tenant) > 0;
    }

    static boolean holds(Tenant tenant) {
        return tenant.getMetadata().getFinalizers().contains(Labels.DRAIN_FINALIZER);
    }

    /** When the clients of a Tenant that is being deleted have to be gone; empty when nobody waits for them. */
    static Optional<Instant> until(Tenant tenant) {
        var deleted = tenant.getMetadata().getDeletionTimestamp();
        return deleted == null || !holds(tenant)
                ? Optional.empty()
                : Optional.of(Instant.parse(deleted).plusSeconds(seconds(tenant)));
    }

    private static int seconds(Tenant tenant) {
        var spec = tenant.getSpec();
        return spec == null ? 0 : Objects.requireNonNullElse(spec.drainTimeoutSeconds(), 0);
    }
}
