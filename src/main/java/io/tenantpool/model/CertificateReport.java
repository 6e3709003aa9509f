package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.ClientTlsMode;
import java.time.Instant;
import java.util.Optional;

/**
 * The certificates of a PoolerCluster's poolers.
 *
 * @param mode how clients are met
 * @param problem of the certificate that was named, with the field and the remedy
 * @param until when the first of those that are served ends
 * @param issued whether the operator issues them
 */
public record CertificateReport(ClientTlsMode mode, Optional<String> problem, Instant until, boolean issued) {}
