package io.tenantpool.certificate;

import io.tenantpool.model.CertificatePair;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pooler could serve a certificate and clients would take it. PgBouncer keeps the old one when it cannot use the
 * new one, but a pod that starts with such a pair ends at once, so nothing unchecked may reach the files.
 */
public final class PairCheck {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final int DNS_NAME = 2;

    /** OpenSSL's default level refuses less. */
    private static final int RSA_BITS = 2048;

    private PairCheck() {}

    /**
     * A pair that can be used, or why it cannot be; never both.
     *
     * @param from when it begins, as far as it was read
     * @param until when it ends, of one that can be used
     */
    public record Result(
            Optional<CertificatePair> pair, Optional<String> problem, Optional<Instant> from, Optional<Instant> until) {
        private static Result bad(String problem) {
            return new Result(Optional.empty(), Optional.of(problem), Optional.empty(), Optional.empty());
        }
    }

    /**
     * Reads and checks a pair.
     *
     * @param certificate {@code tls.crt}: its own certificate first, then those between it and the authority
     * @param key {@code tls.key}
     * @param hosts the names that clients use, all of which it has to cover
     */
    public static Result check(
            @Nullable String certificate, @Nullable String key, Collection<String> hosts, Instant now) {
        if (certificate == null || certificate.isBlank()) {
            return Result.bad("tls.crt is missing; a Secret of type kubernetes.io/tls has tls.crt and tls.key");
        }
        if (key == null || key.isBlank()) {
            return Result.bad("tls.key is missing; a Secret of type kubernetes.io/tls has tls.crt and tls.key");
        }
        List<X509Certificate> chain;
        PrivateKey privateKey;
        try {
            chain = Pem.certificates(certificate);
        } catch (IllegalArgumentException e) {
            return Result.bad("tls.crt: " + e.getMessage());
        }
        try {
            privateKey = Pem.key(key);
        } catch (IllegalArgumentException e) {
            return Result.bad("tls.key: " + e.getMessage());
        }
        if (chain.isEmpty()) {
            return Result.bad("tls.crt holds no certificate");
        }
        var own = chain.get(0);
        return problem(own, privateKey, hosts, now)
                .map(problem -> new Result(
                        Optional.empty(),
                        Optional.of(problem),
                        Optional.of(own.getNotBefore().toInstant()),
                        Optional.empty()))
                .orElseGet(() -> new Result(
                        Optional.of(Pem.pair(chain, privateKey)),
                        Optional.empty(),
                        Optional.of(own.getNotBefore().toInstant()),
                        Optional.of(own.getNotAfter().toInstant())));
    }

    private static Optional<String> problem(
            X509Certificate own, PrivateKey key, Collection<String> hosts, Instant now) {
        if (!matches(own.getPublicKey(), key)) {
            return Optional.of("tls.key is not the key of the first certificate in tls.crt");
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            return Optional.of(
                    "the certificate is not valid before " + own.getNotBefore().toInstant());
        }
        if (!now.isBefore(own.getNotAfter().toInstant())) {
            return Optional.of("the certificate ended at " + own.getNotAfter().toInstant() + "; renew it");
        }
        return weakness(own).or(() -> use(own)).or(() -> names(own, hosts));
    }

    private static Optional<String> weakness(X509Certificate own) {
        if (own.getPublicKey() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS) {
            return Optional.of("its RSA key has %d bits; PgBouncer takes %d or more"
                    .formatted(rsa.getModulus().bitLength(), RSA_BITS));
        }
        var algorithm = own.getSigAlgName().toUpperCase(Locale.ROOT);
        return algorithm.startsWith("SHA1") || algorithm.startsWith("MD5")
                ? Optional.of("it is signed with " + own.getSigAlgName() + ", which clients refuse")
                : Optional.empty();
    }

    private static Optional<String> use(X509Certificate own) {
        try {
            var uses = own.getExtendedKeyUsage();
            return uses == null || uses.contains(SERVER_AUTH) || uses.contains(ANY_USE)
                    ? Optional.empty()
                    : Optional.of("its extended key usage does not include server authentication");
        } catch (CertificateParsingException e) {
            return Optional.of("its extended key usage cannot be read");
        }
    }

    private static Optional<String> names(X509Certificate own, Collection<String> hosts) {
        List<String> names;
        try {
            names = Objects.requireNonNullElse(own.getSubjectAlternativeNames(), List.<List<?>>of()).stream()
                    .filter(name -> Objects.equals(name.get(0), DNS_NAME))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
        } catch (CertificateParsingException e) {
            return Optional.of("its names cannot be read");
        }
        return hosts.stream()
                .filter(host -> names.stream().noneMatch(name -> covers(name, host)))
                .findFirst()
                .map(host ->
                        "it has no DNS name " + host + ", by which clients know the pooler; its names are " + names);
    }

    /**
     * Why clients that trust {@code authorities} alone would not take a pair; empty when they do.
     *
     * @param authorities {@code ca.crt}
     */
    static Optional<String> distrust(CertificatePair pair, @Nullable String authorities, Instant now) {
        if (authorities == null || authorities.isBlank()) {
            return Optional.of(
                    "ca.crt is missing, by which clients verify the pooler; add the certificate of the authority");
        }
        List<X509Certificate> roots;
        try {
            roots = Pem.certificates(authorities);
        } catch (IllegalArgumentException e) {
            return Optional.of("ca.crt: " + e.getMessage());
        }
        var chain = Pem.certificates(pair.chain());
        for (var number = 0; number < chain.size(); number++) {
            var certificate = chain.get(number);
            if (roots.stream()
                    .anyMatch(root -> now.isBefore(root.getNotAfter().toInstant())
                            && (root.equals(certificate) || signed(certificate, root)))) {
                return Optional.empty();
            }
            if (number + 1 < chain.size() && !signed(certificate, chain.get(number + 1))) {
                break;
            }
        }
        return Optional.of("no certificate in ca.crt has signed the one in tls.crt, or one that tls.crt leads to;"
                + " clients would refuse it");
    }

    /** As libpq and browsers do it: a star stands for one whole label, the first. */
    static boolean covers(String name, String host) {
        if (name.equalsIgnoreCase(host)) {
            return true;
        }
        var dot = host.indexOf('.');
        return name.startsWith("*.") && dot > 0 && name.substring(1).equalsIgnoreCase(host.substring(dot));
    }

    static boolean signed(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static boolean matches(PublicKey publicKey, PrivateKey key) {
        var algorithm = publicKey.getAlgorithm();
        try {
            var signature = Signature.getInstance(
                    switch (algorithm) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> algorithm;
                    });
            signature.initSign(key);
            signature.update(new byte[32]);
            var signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(new byte[32]);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
