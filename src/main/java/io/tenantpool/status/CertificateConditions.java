package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.ClientTlsMode;
import io.tenantpool.api.v1alpha1.ConditionType;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.CertificateReport;

/** What a PoolerCluster says of the certificates that its poolers show; nothing when they take plain text only. */
final class CertificateConditions {
    private CertificateConditions() {}

    /** @param others pods that show another certificate than the one they were given */
    static void set(Conditions conditions, CertificateReport report, int others) {
        if (report.mode() == ClientTlsMode.Disable) {
            return;
        }
        if (report.problem().isPresent()) {
            conditions.set(
                    ConditionType.CertificateValid,
                    false,
                    Reason.CertificateInvalid,
                    report.problem().get() + "; until then the poolers serve one that is good until " + report.until());
        } else if (others > 0) {
            conditions.set(
                    ConditionType.CertificateValid,
                    false,
                    Reason.CertificateNotServed,
                    others + " pooler pods show another certificate than the one in their Secret; see their logs");
        } else {
            conditions.set(
                    ConditionType.CertificateValid,
                    true,
                    report.issued() ? Reason.CertificateIssued : Reason.CertificateProvided,
                    (report.issued()
                                    ? "The operator issues and renews the certificates"
                                    : "The named certificate is served")
                            + "; the first one ends at " + report.until());
        }
    }
}
