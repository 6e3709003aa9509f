package io.tenantpool.model;

import org.jspecify.annotations.Nullable;

/**
 * A tenant's use of one listener.
 *
 * @param poolSize server connections of the tenant on this listener, all pods together
 * @param maxClientConnectionsPerPod null when only the listener's own limit counts
 */
public record Door(String listener, int poolSize, @Nullable Integer maxClientConnectionsPerPod) {}
