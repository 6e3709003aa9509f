package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.ClientTlsMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one pooler meets its clients.
 *
 * @param served null when it has no certificate, and so takes plain text only
 * @param earlier fingerprints of certificates that pods may still serve, the newest first, at most {@link #REMEMBERED}
 * @param authorities PEM of the operator's own authorities, maybe empty
 * @param named PEM of the authorities that came with the certificate that is served, when somebody named it; else empty
 */
public record PoolerTls(
        ClientTlsMode mode, @Nullable CertificatePair served, List<String> earlier, String authorities, String named) {
    /** A pod that was not reached for longer than that is met as a stranger, and replaced. */
    public static final int REMEMBERED = 4;

    /** Plain text, with nothing prepared for anything else. */
    public static final PoolerTls PLAIN = new PoolerTls(ClientTlsMode.Disable, null, List.of(), "", "");

    /** Whether pods that have read their files offer TLS. */
    public boolean offered() {
        return mode != ClientTlsMode.Disable && served != null;
    }

    /** Fingerprints by which a pod of this pooler is known. */
    public Set<String> fingerprints() {
        var known = new ArrayList<>(earlier);
        if (served != null) {
            known.add(served.fingerprint());
        }
        return Set.copyOf(known);
    }
}
