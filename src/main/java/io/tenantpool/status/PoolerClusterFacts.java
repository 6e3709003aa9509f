package io.tenantpool.status;

import io.tenantpool.api.v1alpha1.PoolerClusterStatus.ListenerStatus;
import io.tenantpool.model.CertificateReport;
import io.tenantpool.model.Plan;
import io.tenantpool.model.TrustReport;
import io.tenantpool.model.Verdict;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What the status of a PoolerCluster is derived from.
 *
 * @param plan what its servers promise, and whom it accepts
 * @param troubles by upstream: why a server that is asked for its limit does not tell
 * @param foreign kind and name of each object that has a name which the poolers need and belongs to somebody else
 * @param trust how its servers are verified
 * @param otherCertificates pods that show another certificate than the one that they were given
 * @param holes by the version of the program that pods run: CVE ids of holes that are known of it
 * @param sound the oldest version without any
 */
public record PoolerClusterFacts(
        Plan plan,
        List<ListenerStatus> listeners,
        Map<String, String> troubles,
        SortedSet<String> foreign,
        TrustReport trust,
        CertificateReport certificates,
        int otherCertificates,
        SortedMap<String, List<String>> holes,
        String sound) {

    int accepted() {
        return (int) plan.verdicts().values().stream()
                .filter(verdict -> verdict.finding() == null)
                .filter(Verdict::served)
                .count();
    }
}
