package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus;
import io.tenantpool.api.v1alpha1.PoolerClusterStatus.ListenerStatus;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.CertificateReport;
import io.tenantpool.model.Finding;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.TrustReport;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import io.tenantpool.status.PoolerClusterFacts;
import io.tenantpool.status.PoolerClusterStatusFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The one writer of a PoolerCluster's status. Counts wait a while, so that a new Tenant does not cost a write here. */
public final class PoolerClusterStatusWriter {
    private static final Duration NOT_YET = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Clock clock;
    private final PoolerClusterStatusFactory factory;
    private final Delivery delivery;
    private final Engine engine;
    private final StatusPatch patch;
    private final Meters meters;
    private final Duration countsEvery;
    private final Map<ResourceID, Instant> written = new ConcurrentHashMap<>();
    private final Map<ResourceID, PoolerClusterStatus> last = new ConcurrentHashMap<>();

    public PoolerClusterStatusWriter(
            KubernetesClient client,
            Clock clock,
            Delivery delivery,
            Engine engine,
            StatusPatch patch,
            Meters meters,
            Duration countsEvery) {
        this.client = client;
        this.clock = clock;
        this.factory = new PoolerClusterStatusFactory(clock);
        this.delivery = delivery;
        this.engine = engine;
        this.patch = patch;
        this.meters = meters;
        this.countsEvery = countsEvery;
    }

    /** Forgets a PoolerCluster that is gone. */
    void forget(ResourceID cluster) {
        written.remove(cluster);
        last.remove(cluster);
    }

    void invalid(PoolerCluster cluster, Finding finding) {
        write(cluster, factory.invalid(withLast(cluster), finding));
    }

    /** Who never got anywhere is told why; what runs goes on, and its status speaks of that. */
    void forbidden(PoolerCluster cluster, KubernetesClientException refusal) {
        var known = withLast(cluster).getStatus();
        if (known == null || known.listeners() == null) {
            var words = refusal.getStatus() == null
                    ? refusal.getMessage()
                    : refusal.getStatus().getMessage();
            invalid(
                    cluster,
                    Finding.keeping(
                            Reason.NotPermitted,
                            ("The API server forbids the operator to run poolers in namespace %s: %s. If it lacks the right,"
                                            + " bind the ClusterRole tenantpool-poolers there"
                                            + " (manifests/rbac/poolers-namespace.yaml)")
                                    .formatted(cluster.getMetadata().getNamespace(), words)));
        }
    }

    /** What was found out of a PoolerCluster beside its plan. */
    record Reports(
            Map<String, String> troubles, TrustReport trust, CertificateReport certificates, Conflicts conflicts) {}

    /** @return when to report again, if something was left for later */
    Optional<Duration> report(PoolerCluster cluster, Plan plan, Reports reports) {
        if (plan.poolers().stream()
                .anyMatch(content -> delivery.pods(content.id()).isEmpty()
                        && !reports.conflicts().has(content.id()))) {
            return Optional.of(NOT_YET); // before the pods are known, that there are none would be a false alarm
        }
        var meta = cluster.getMetadata();
        meters.certificates(
                meta.getNamespace(), meta.getName(), reports.certificates().until());
        meters.budget(meta.getNamespace(), meta.getName(), plan.budget(), plan.braked());
        var current = withLast(cluster);
        var newer = factory.derive(current, facts(plan, reports));
        if (PoolerClusterStatusFactory.same(current.getStatus(), newer)) {
            return Optional.empty();
        }
        var since = Duration.between(
                written.getOrDefault(ResourceID.fromResource(cluster), Instant.EPOCH), clock.instant());
        var old = current.getStatus();
        if (old != null && !PoolerClusterStatusFactory.urgent(old, newer) && since.compareTo(countsEvery) < 0) {
            return Optional.of(countsEvery.minus(since));
        }
        write(cluster, newer);
        return Optional.empty();
    }

    private PoolerClusterFacts facts(Plan plan, Reports reports) {
        return new PoolerClusterFacts(
                plan,
                plan.poolers().stream().map(this::listener).toList(),
                reports.troubles(),
                reports.conflicts().objects(),
                reports.trust(),
                reports.certificates(),
                otherCertificates(plan),
                holes(plan),
                engine.soundVersion());
    }

    private int otherCertificates(Plan plan) {
        return plan.poolers().stream()
                .mapToInt(content -> delivery.pods(content.id())
                        .map(Delivery.Pods::otherCertificate)
                        .orElse(0))
                .sum();
    }

    private ListenerStatus listener(PoolerContent content) {
        var pods = delivery.pods(content.id()); // none of a pooler that nothing could be written of
        return new ListenerStatus(
                content.id().listener(),
                content.id().cell(),
                Names.host(content.id()),
                content.listener().port(),
                pods.map(Delivery.Pods::ready).orElse(0),
                pods.map(known -> known.ready() - known.late()).orElse(0));
    }

    /** By each version that a pod told. */
    private SortedMap<String, List<String>> holes(Plan plan) {
        var holes = new TreeMap<String, List<String>>();
        plan.poolers().stream()
                .flatMap(content -> delivery.pods(content.id()).stream())
                .flatMap(pods -> pods.versions().stream())
                .forEach(version -> holes.computeIfAbsent(version, engine::holes));
        return holes;
    }

    /** The cache may lag behind our own last write. */
    PoolerCluster withLast(PoolerCluster cluster) {
        var own = last.get(ResourceID.fromResource(cluster));
        if (own != null) {
            cluster.setStatus(own);
        }
        return cluster;
    }

    private void write(PoolerCluster cluster, PoolerClusterStatus status) {
        if (PoolerClusterStatusFactory.same(cluster.getStatus(), status)) {
            return;
        }
        patch.apply(client, PoolerCluster.class, cluster, fresh -> fresh.setStatus(status));
        written.put(ResourceID.fromResource(cluster), clock.instant());
        last.put(ResourceID.fromResource(cluster), status);
    }
}
