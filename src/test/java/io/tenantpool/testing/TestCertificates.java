package io.tenantpool.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for tests: CAs, and servers and clients that they vouch for. */
public final class TestCertificates {
    /** Programs that check certificates go by the real time. */
    private static final Clock TIME = Clock.systemUTC();

    private static final Duration LIFE = Duration.ofDays(365);
    /** Clocks of a test may stand still, or be a little behind. */
    private static final Duration EARLIER = Duration.ofDays(30);

    private final X500Name name;
    private final KeyPair keys;
    private final String certificate;

    private TestCertificates(String name, Instant expires) {
        this.name = new X500Name("CN=" + name);
        this.keys = newKeys();
        this.certificate = pem(signed(this.name, keys, expires, true));
    }

    /** A certificate and its private key, both in PEM. */
    public record Pair(String certificate, String key) {}

    /** A new CA of this name; another one of the same name has another key. */
    public static TestCertificates ca(String name) {
        return new TestCertificates(name, TIME.instant().plus(LIFE));
    }

    /** A new CA whose certificate ends at a time. */
    public static TestCertificates ca(String name, Instant expires) {
        return new TestCertificates(name, expires);
    }

    /** The certificate of the CA itself, in PEM. */
    public String certificate() {
        return certificate;
    }

    /** A server that may be reached by these DNS names and IP addresses. */
    public Pair server(String... hosts) {
        return server(TIME.instant().plus(LIFE), hosts);
    }

    /** As {@link #server(String...)}, with a certificate that ends at a time. */
    public Pair server(Instant expires, String... hosts) {
        var own = newKeys();
        return new Pair(pem(signed(new X500Name("CN=server"), own, expires, false, hosts)), key(own));
    }

    /** A server that vouches for itself, and for nobody else, in PEM. */
    public static String selfSigned(String host) {
        var own = ca("server");
        return pem(own.signed(own.name, own.keys, TIME.instant().plus(LIFE), false, host));
    }

    private X509Certificate signed(X500Name subject, KeyPair own, Instant expires, boolean ca, String... hosts) {
        try {
            var begins = expires.isBefore(TIME.instant()) ? expires : TIME.instant();
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(120, new SecureRandom()),
                    Date.from(begins.minus(EARLIER)),
                    Date.from(expires),
                    subject,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (hosts.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(Arrays.stream(hosts)
                                .map(TestCertificates::alternative)
                                .toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    private static GeneralName alternative(String host) {
        var isAddress = host.chars().allMatch(c -> c == '.' || Character.isDigit(c)) || host.contains(":");
        return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String key(KeyPair keys) {
        try {
            return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(Object object) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
