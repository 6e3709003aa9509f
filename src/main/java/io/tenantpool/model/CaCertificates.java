package io.tenantpool.model;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Certificates of a CA that were read and checked. Only these reach a pooler: a file that it cannot read would keep all
 * of its other settings from being read.
 *
 * @param pem each as text, always in the same form
 * @param expires when the last of them expires: until then one of them is good
 */
public record CaCertificates(SortedSet<String> pem, Instant expires) {
    /** Bytes of PEM; poolers read all of it with each change of a tenant. */
    static final int MAX_BYTES = 32 * 1024;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");
    private static final int LINE = 64;
    private static final int MOST_WORDS = 120;

    public CaCertificates {
        pem = Collections.unmodifiableSortedSet(new TreeSet<>(pem));
    }

    /** A text that is no list of CA certificates; its message says what is wrong and what to do, for people. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String words) {
            super(words);
        }
    }

    /** Reads every certificate of a text in PEM; what stands around them is passed over. */
    public static CaCertificates parse(String text) throws Unusable {
        var pem = new TreeSet<String>();
        var expires = Instant.MIN;
        var blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            var certificate = certificate(blocks.group(1));
            if (!isAuthority(certificate)) {
                throw new Unusable(("the certificate of '%s' is not one of a CA, so it verifies nobody: take the"
                                + " certificate of the CA that signed the server's")
                        .formatted(subject(certificate)));
            }
            pem.add(pem(certificate));
            var end = certificate.getNotAfter().toInstant();
            expires = end.isAfter(expires) ? end : expires;
        }
        if (pem.isEmpty()) {
            throw new Unusable("there is no certificate in it: it begins with -----BEGIN CERTIFICATE----- (PEM)");
        }
        var bytes = pem.stream().mapToInt(String::length).sum();
        if (bytes > MAX_BYTES) {
            throw new Unusable("its certificates have %d bytes, more than %d: leave those that sign no server of this"
                            .formatted(bytes, MAX_BYTES)
                    + " upstream out (a cloud provider has a smaller file for each region)");
        }
        return new CaCertificates(pem, expires);
    }

    /** When the last of certificates that {@link #parse} gave expires; the distant past when there is none. */
    public static Instant expiry(SortedSet<String> pem) {
        try {
            return parse(String.join("", pem)).expires();
        } catch (Unusable e) {
            return Instant.EPOCH;
        }
    }

    private static X509Certificate certificate(String base64) throws Unusable {
        try {
            var der = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new Unusable("a certificate in it cannot be read: it is damaged, or not all of it is there");
        }
    }

    /** A server that signed its own certificate is its own authority. */
    private static boolean isAuthority(X509Certificate certificate) {
        if (certificate.getBasicConstraints() >= 0) {
            return true;
        }
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** It was written by whoever made the certificate. */
    private static String subject(X509Certificate certificate) {
        var subject = certificate.getSubjectX500Principal().getName().replaceAll("\\p{C}", " ");
        return subject.length() > MOST_WORDS ? subject.substring(0, MOST_WORDS) + "…" : subject;
    }

    private static String pem(X509Certificate certificate) throws Unusable {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException e) {
            throw new Unusable("a certificate in it cannot be read: it is damaged, or not all of it is there");
        }
    }
}
