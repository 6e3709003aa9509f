package io.tenantpool.upstream;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a server is not believed, and the remedy, in words of ours: those of the other side may be anything. */
final class TlsWords {
    private static final int DEEPEST = 20;

    private TlsWords() {}

    static String notEncrypted(String subject) {
        return subject + " does not encrypt; switch ssl on there, or choose tls.mode Disable";
    }

    /** Empty when {@code failure} has nothing to do with TLS. */
    static Optional<String> of(String subject, String host, Throwable failure) {
        if (!has(failure, cause -> cause instanceof SSLException || cause instanceof CertificateException)) {
            return Optional.empty();
        }
        if (has(failure, CertificateExpiredException.class::isInstance)) {
            return Optional.of(subject + " shows a certificate that has expired; renew it");
        }
        if (has(failure, CertificateNotYetValidException.class::isInstance)) {
            return Optional.of(subject + " shows a certificate that is not valid yet; look at the clocks");
        }
        if (has(failure, CertPathBuilderException.class::isInstance) || says(failure, "path")) {
            return Optional.of(
                    subject
                            + " shows a certificate that is not from the CA in tls.caSecretRef; put the CA that signed it there");
        }
        if (says(failure, "matching") || says(failure, "subject alternative")) {
            return Optional.of(
                    ("%s shows a certificate that is not for '%s'; issue one for this name, use a name that it"
                                    + " has in static.endpoints, or choose tls.mode VerifyCA")
                            .formatted(subject, host));
        }
        return Optional.of(subject + " and the operator could not agree on TLS; it has to offer TLS 1.2 or 1.3");
    }

    /** The JDK tells a wrong name by its words alone. */
    private static boolean says(Throwable failure, String word) {
        return has(
                failure,
                cause -> cause instanceof CertificateException
                        && String.valueOf(cause.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains(word));
    }

    private static boolean has(Throwable failure, Predicate<Throwable> wanted) {
        @Nullable Throwable cause = failure;
        for (var depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (wanted.test(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
