package io.tenantpool.model;

/**
 * What a server or a client shows of itself, and the key that proves it.
 *
 * @param chain PEM, its own certificate first
 * @param key PEM, unencrypted
 * @param fingerprint SHA-256 of its own certificate, 64 lower-case hex digits
 */
public record CertificatePair(String chain, Secret key, String fingerprint) {}
