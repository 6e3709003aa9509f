package io.tenantpool.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * What a server or a client shows of itself, and the key that proves it.
 *
 * @param chain PEM, its own certificate first
 * @param key PEM, unencrypted
 * @param fingerprint SHA-256 of its own certificate, 64 lower-case hex digits
 */
public record CertificatePair(String chain, Secret key, String fingerprint) {
    /**
     * By what a certificate is known.
     *
     * @throws CertificateEncodingException when it cannot be read
     */
    public static String fingerprint(X509Certificate certificate) throws CertificateEncodingException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
