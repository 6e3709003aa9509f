package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.CaCertificates;
import io.tenantpool.model.TrustReport;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a PoolerCluster says of the servers that its poolers verify. */
final class TrustConditions {
    private static final Duration SOON = Duration.ofDays(30);

    private TrustConditions() {}

    static void set(Conditions conditions, TrustReport report, Instant now) {
        passwords(conditions, report);
        servers(conditions, report, now);
    }

    private static void passwords(Conditions conditions, TrustReport report) {
        if (!report.unchecked().isEmpty()) {
            conditions.set(
                    ConditionType.PasswordsChecked,
                    false,
                    Reason.NotReachable,
                    ("The operator cannot ask upstream %s whether it knows a changed password, so poolers get it unchecked;"
                                    + " let the operator reach PostgreSQL (NetworkPolicy, pg_hba.conf)")
                            .formatted(String.join(", ", report.unchecked())));
        }
    }

    private static void servers(Conditions conditions, TrustReport report, Instant now) {
        if (!report.tls().verifies()
                && report.troubles().isEmpty()
                && report.refused().isEmpty()) {
            return; // the spec says so itself
        }
        var expiry = new TreeMap<String, Instant>();
        report.tls()
                .authorities()
                .forEach((upstream, certificates) -> expiry.put(upstream, CaCertificates.expiry(certificates)));
        var expired = before(expiry, now);
        var expiring = before(expiry, now.plus(SOON));
        if (!expired.isEmpty()) {
            not(
                    conditions,
                    Reason.CaExpired,
                    "Poolers refuse the servers: every CA certificate has expired of " + words(expired)
                            + "; put the new one into the Secret of tls.caSecretRef");
        } else if (!report.troubles().isEmpty()) {
            not(conditions, Reason.CaNotUsable, troubles(report));
        } else if (!report.refused().isEmpty()) {
            not(
                    conditions,
                    Reason.ServerNotVerified,
                    String.join("; ", report.refused().values()));
        } else if (!expiring.isEmpty()) {
            verified(
                    conditions,
                    Reason.CaExpiring,
                    "The last CA certificate expires soon of " + words(expiring)
                            + "; put the new one beside it into the Secret of tls.caSecretRef");
        } else {
            verified(
                    conditions,
                    Reason.Verified,
                    report.tls().verifiesHost()
                            ? "Poolers believe only servers with a certificate of the CA and for their host"
                            : "Poolers believe only servers with a certificate of the CA, for whatever host");
        }
    }

    private static void verified(Conditions conditions, Reason reason, String message) {
        conditions.set(ConditionType.UpstreamsVerified, true, reason, message);
    }

    private static void not(Conditions conditions, Reason reason, String message) {
        conditions.set(ConditionType.UpstreamsVerified, false, reason, message);
    }

    private static String troubles(TrustReport report) {
        var instead = report.untrusted().isEmpty()
                ? "; the last good certificates stay in use"
                : "; until then nobody new is let in to upstream " + String.join(", ", report.untrusted());
        var mode = report.tls().verifies()
                ? ""
                : ", and TLS to the servers stays as it was: " + report.tls().mode();
        return String.join("; ", report.troubles().values()) + instead + mode;
    }

    private static SortedMap<String, Instant> before(SortedMap<String, Instant> expiry, Instant then) {
        var some = new TreeMap<>(expiry);
        some.values().removeIf(end -> end.isAfter(then));
        return some;
    }

    private static String words(SortedMap<String, Instant> expiry) {
        return expiry.entrySet().stream()
                .map(entry -> "upstream %s (%s)"
                        .formatted(
                                entry.getKey(),
                                entry.getValue().atZone(ZoneOffset.UTC).toLocalDate()))
                .collect(Collectors.joining(", "));
    }
}
