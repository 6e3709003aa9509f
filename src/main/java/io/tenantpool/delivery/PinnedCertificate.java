package io.tenantpool.delivery;

import io.tenantpool.model.CertificatePair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a pooler by its own certificate, for one connection. The operator gave it to the pooler, so it need not believe
 * an authority that vouches for others, too; and it remembers which one was shown.
 */
final class PinnedCertificate implements X509TrustManager {
    private final Set<String> fingerprints;
    private volatile @Nullable String shown;
    private volatile boolean asked;

    PinnedCertificate(Set<String> fingerprints) {
        this.fingerprints = fingerprints;
    }

    /** SHA-256 of the certificate that was shown and trusted, or null. */
    @Nullable
    String shown() {
        return shown;
    }

    /** Whether the pooler showed any certificate, trusted or not. */
    boolean wasAsked() {
        return asked;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        asked = true;
        var fingerprint = CertificatePair.fingerprint(chain[0]);
        if (!fingerprints.contains(fingerprint)) {
            throw new CertificateException("the pooler shows a certificate that it was not given");
        }
        shown = fingerprint;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("nobody connects to the operator");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
