package io.tenantpool.delivery;

import java.time.Duration;

/**
 * How delivery behaves.
 *
 * @param kick whether pods are annotated to have their files projected at once; off only to measure what that brings
 * @param proofsPerUpstream logins at a time to one PostgreSQL server, at least 1
 * @param pollInterval shortest time between two RELOADs of a pod
 * @param reloadShare the part of a pod's time that RELOAD may take, 0..1
 * @param consoleTimeout for each answer of a console
 * @param loginTimeout for each login of a proof
 * @param patience how long a pod may stay behind before it is taken out of traffic
 */
public record DeliverySettings(
        boolean kick,
        int proofsPerUpstream,
        Duration pollInterval,
        double reloadShare,
        Duration consoleTimeout,
        Duration loginTimeout,
        Duration patience) {}
