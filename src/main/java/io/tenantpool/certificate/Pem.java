package io.tenantpool.certificate;

import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** The text form of certificates and keys, RFC 7468. */
final class Pem {
    private Pem() {}

    /**
     * Every certificate of a text, in its order; other objects are passed over.
     *
     * @throws IllegalArgumentException when something in it cannot be read; the message holds nothing of the text
     */
    static List<X509Certificate> certificates(String text) {
        var found = new ArrayList<X509Certificate>();
        try (var parser = new PEMParser(new StringReader(text))) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof X509CertificateHolder holder) {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | CertificateException | RuntimeException e) {
            throw new IllegalArgumentException("it is not PEM, or a certificate in it is damaged", e);
        }
        return found;
    }

    /**
     * The private key of a text: PKCS #8, PKCS #1 or SEC 1, unencrypted.
     *
     * @throws IllegalArgumentException when there is none that can be used; the message holds nothing of the text
     */
    static PrivateKey key(String text) {
        try (var parser = new PEMParser(new StringReader(text))) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (object instanceof PrivateKeyInfo key) {
                    return new JcaPEMKeyConverter().getPrivateKey(key);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("it is not PEM, or the key in it is damaged", e);
        }
        throw new IllegalArgumentException("it holds no unencrypted private key");
    }

    static String write(Collection<X509Certificate> certificates) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            for (var certificate : certificates) {
                writer.writeObject(certificate);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a certificate cannot be written", e);
        }
        return text.toString();
    }

    static Secret write(PrivateKey key) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new IllegalStateException("a key cannot be written", e);
        }
        return new Secret(text.toString());
    }

    static CertificatePair pair(List<X509Certificate> chain, PrivateKey key) {
        try {
            return new CertificatePair(write(chain), write(key), CertificatePair.fingerprint(chain.get(0)));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate cannot be encoded", e);
        }
    }
}
