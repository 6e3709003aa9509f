package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.certificate.ConsoleKeys;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.delivery.Wanted;
import io.tenantpool.engine.Engine;
import io.tenantpool.engine.PoolerFiles;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.ClusterResolver;
import io.tenantpool.model.Finding;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.naming.Names;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Observe, resolve, plan, render, write, deliver, apply: everything of a PoolerCluster, each time from the beginning. */
@ControllerConfiguration(
        name = "poolercluster",
        fieldManager = "tenantpool",
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 500, intervalMultiplier = 2, maxInterval = 60_000)
public class PoolerClusterReconciler implements Reconciler<PoolerCluster> {
    private static final int CONFLICT = 409;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration HELD_BACK = Duration.ofSeconds(2);
    /** Nobody tells when an object goes that does not carry our labels. */
    private static final Duration FOREIGN = Duration.ofSeconds(10);

    private final Engine engine;
    private final Delivery delivery;
    private final Verdicts verdicts;
    private final Signals signals;
    private final HeldPoolers heldPoolers;
    private final ClusterPlanning planning;
    private final PoolerSecretWriter secrets;
    private final PoolerObjects objects;
    private final PoolerClusterStatusWriter status;
    private final ConsoleKeys consoleKeys;
    private final PoolerCertificates certificates;
    private final Clock clock;
    private final DrainFinalizers finalizers;
    private final UpstreamTrust trust;
    private final UpstreamLimits limits;
    private final ClusterMemory memory;
    private final Doorkeeper doorkeeper;
    private final Map<PoolerId, Rendered> rendered = new ConcurrentHashMap<>();
    private @Nullable PoolerSources sources;

    @Inject
    public PoolerClusterReconciler(
            Engine engine,
            Delivery delivery,
            Verdicts verdicts,
            Signals signals,
            HeldPoolers heldPoolers,
            ClusterPlanning planning,
            PoolerSecretWriter secrets,
            PoolerObjects objects,
            PoolerClusterStatusWriter status,
            ConsoleKeys consoleKeys,
            PoolerCertificates certificates,
            Clock clock,
            DrainFinalizers finalizers,
            UpstreamTrust trust,
            UpstreamLimits limits,
            ClusterMemory memory,
            Doorkeeper doorkeeper) {
        this.engine = engine;
        this.delivery = delivery;
        this.verdicts = verdicts;
        this.signals = signals;
        this.heldPoolers = heldPoolers;
        this.planning = planning;
        this.secrets = secrets;
        this.objects = objects;
        this.status = status;
        this.consoleKeys = consoleKeys;
        this.certificates = certificates;
        this.clock = clock;
        this.finalizers = finalizers;
        this.trust = trust;
        this.limits = limits;
        this.memory = memory;
        this.doorkeeper = doorkeeper;
    }

    private record Rendered(PoolerContent content, PoolerFiles files) {}

    /** What one reconciliation knows, for each of its poolers. */
    private record Known(
            HeldPoolers.Held held, Plan plan, Map<String, TenantStatus.Proven> proven, PoolerSources from) {}

    @Override
    public List<EventSource<?, PoolerCluster>> prepareEventSources(EventSourceContext<PoolerCluster> context) {
        sources = new PoolerSources(context, signals);
        finalizers.readFrom(sources);
        doorkeeper.readFrom(sources);
        memory.readFrom(context.getPrimaryCache());
        var all = sources.all();
        all.add(signals.poolerClusters());
        return all;
    }

    @Override
    public UpdateControl<PoolerCluster> reconcile(PoolerCluster cluster, Context<PoolerCluster> context) {
        var from = Objects.requireNonNull(sources, "event sources are prepared before anything is reconciled");
        if (cluster.getMetadata().getDeletionTimestamp() != null) {
            return UpdateControl.noUpdate();
        }
        memory.seen(cluster);
        var resolved = ClusterResolver.resolve(cluster);
        var finding = resolved.finding().or(() -> objects.missingImage(cluster));
        if (finding.isPresent() || resolved.model().isEmpty()) {
            finding.ifPresent(why -> invalid(cluster, why, from));
            return UpdateControl.noUpdate();
        }
        try {
            return serve(cluster, resolved.model().get(), from, context);
        } catch (IllegalArgumentException e) {
            invalid(cluster, Finding.keeping(Reason.Invalid, String.valueOf(e.getMessage())), sources);
            throw e; // retried with pauses: it may be repaired
        } catch (KubernetesClientException e) {
            if (e.getCode() == FORBIDDEN) {
                status.forbidden(cluster, e);
            }
            throw e;
        }
    }

    private void invalid(PoolerCluster cluster, Finding finding, PoolerSources from) {
        status.invalid(cluster, finding);
        var id = ResourceID.fromResource(cluster);
        verdicts.publishInvalid(id, from.tenants(id), namespace -> doorkeeper.admits(cluster, namespace));
    }

    private UpdateControl<PoolerCluster> serve(
            PoolerCluster cluster, ClusterModel resolved, PoolerSources from, Context<PoolerCluster> context) {
        var id = ResourceID.fromResource(cluster);
        var conflicts = new Conflicts(cluster);
        var held = heldPoolers.read(id, resolved, from, conflicts);
        var trusted = trust.fill(cluster, resolved, held.poolers());
        var filled = limits.fill(status.withLast(cluster), trusted.model());
        var ground = certificates.ground(cluster, held, conflicts);
        var model = filled.model().withClientTrust(ground.trust());
        var certified = certificates.certify(planning.plan(cluster, model, from, held, keys(held)), ground);
        var plan = certified.plan();
        verdicts.publish(id, plan.verdicts());
        planning.watch(id, plan);
        var wait = write(cluster, new Known(held, plan, Targets.proven(from.tenants(id)), from), conflicts);
        var heldBack = applyObjects(cluster, model, plan, from, conflicts, context);
        var reports = new PoolerClusterStatusWriter.Reports(
                filled.troubles(), planning.report(cluster, trusted.report()), certified.report(), conflicts);
        var next = Stream.of(
                        status.report(cluster, plan, reports),
                        Optional.of(certified.again()),
                        planning.untilNextDrainEnds(plan),
                        Optional.of(wait),
                        heldBack ? Optional.of(HELD_BACK) : Optional.<Duration>empty(),
                        conflicts.isEmpty() ? Optional.<Duration>empty() : Optional.of(FOREIGN),
                        trusted.again(),
                        filled.again())
                .flatMap(Optional::stream)
                .filter(pause -> !pause.isZero())
                .min(Comparator.naturalOrder());
        return next.map(pause -> UpdateControl.<PoolerCluster>noUpdate().rescheduleAfter(pause))
                .orElseGet(UpdateControl::noUpdate);
    }

    /** @return how long to wait before every pooler's Secret may be written; zero when they say what they should */
    private Duration write(PoolerCluster cluster, Known known, Conflicts conflicts) {
        var wait = Duration.ZERO;
        var ordered = new ArrayList<>(known.plan().poolers());
        ordered.sort(secrets.longestUnwrittenFirst()); // or the first door would take all of the write budget
        ordered.removeIf(content -> conflicts.has(content.id())); // its Secret is somebody else's
        for (var content : ordered) {
            var pause = write(cluster, content, known);
            wait = pause.compareTo(wait) > 0 ? pause : wait;
        }
        return wait;
    }

    /** @return whether something was held back, so that it has to be looked at again soon */
    private boolean applyObjects(
            PoolerCluster cluster,
            ClusterModel model,
            Plan plan,
            PoolerSources from,
            Conflicts conflicts,
            Context<PoolerCluster> context) {
        var applier = new Applier(from, context, objects.meters(), conflicts);
        var heldBack = false;
        for (var content : plan.poolers()) {
            heldBack |= objects.apply(cluster, model, content, applier, conflicts, context.getClient());
        }
        objects.prune(cluster, plan, from, context.getClient()).forEach(this::forget);
        return heldBack;
    }

    private void forget(PoolerId gone) {
        delivery.forget(gone);
        heldPoolers.forget(gone);
        secrets.gone(gone);
        rendered.remove(gone);
        certificates.gone(gone);
    }

    private PoolerKeys keys(HeldPoolers.Held held) {
        var now = clock.instant();
        return held.keys().map(keys -> consoleKeys.current(keys, now)).orElseGet(() -> consoleKeys.fresh(now));
    }

    /** What did not change need not be rendered again: a change touches one cell of many. */
    private PoolerFiles render(PoolerContent content) {
        return rendered.compute(
                        content.id(),
                        (id, known) -> known != null && known.content().equals(content)
                                ? known
                                : new Rendered(content, engine.render(content)))
                .files();
    }

    /** @return how long to wait before the pooler's Secret may be written; zero when it says what it should */
    private Duration write(PoolerCluster cluster, PoolerContent content, Known known) {
        var files = render(content);
        var before = known.held().secrets().get(content.id());
        try {
            var wait = secrets.write(content.id(), files, cluster, before);
            if (wait.isZero()) {
                secrets.version(content.id()).ifPresent(version -> heldPoolers.wrote(content, version));
                deliver(cluster, content, files, known);
            }
            return wait;
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
                throw e;
            }
            secrets.forget(content.id()); // somebody else wrote or deleted it: begin again from what it is now
            return SOON;
        }
    }

    /** Before the other objects are looked at: a pod that exists needs nothing but the Secret. */
    private void deliver(PoolerCluster cluster, PoolerContent content, PoolerFiles files, Known known) {
        delivery.want(new Wanted(
                content.id(),
                cluster.getMetadata().getUid(),
                files.revision(),
                content.keys(),
                content.tls(),
                files.sentinel(),
                content.listener().port(),
                address(content.id(), known.from()),
                !content.listener().isStatement(),
                Targets.of(content, known.plan(), known.held().poolers(), known.proven()),
                Targets.pools(content),
                content.peers()));
    }

    /** The published address; its Service's event brings us back here when there is none yet. */
    private static @Nullable String address(PoolerId id, PoolerSources from) {
        return from.owned(Service.class)
                .get(new ResourceID(Names.pooler(id), id.namespace()))
                .map(service -> service.getSpec().getClusterIP())
                .filter(ip -> !ip.isEmpty())
                .orElse(null);
    }
}
