package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.delivery.Delivery;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Door;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.NamespaceRule;
import io.tenantpool.model.Observed;
import io.tenantpool.model.Placed;
import io.tenantpool.model.Plan;
import io.tenantpool.model.Planner;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerObservation;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.TenantId;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.model.TrustReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Gathers what a plan is made of and has it made. */
public final class ClusterPlanning {
    private static final Duration SOON = Duration.ofMillis(200);

    private final Engine engine;
    private final Delivery delivery;
    private final Evidence evidence;
    private final Brakes brakes;
    private final PasswordGate passwords;
    private final Clock clock;
    private final Forgetting.Policy policy;

    public ClusterPlanning(
            Engine engine,
            Delivery delivery,
            Brakes brakes,
            PasswordGate passwords,
            Clock clock,
            Forgetting.Policy policy,
            KubernetesClient client) {
        this.engine = engine;
        this.delivery = delivery;
        this.brakes = brakes;
        this.passwords = passwords;
        this.clock = clock;
        this.policy = policy;
        this.evidence = new Evidence(client);
    }

    Plan plan(
            PoolerCluster cluster,
            ClusterModel model,
            PoolerSources sources,
            HeldPoolers.Held poolers,
            PoolerKeys keys) {
        var held = poolers.poolers();
        var id = ResourceID.fromResource(cluster);
        var tenants = sources.tenants(id);
        var gone = evidence.gone(id, held, tenants);
        var rule = NamespaceRule.of(
                cluster.getMetadata().getNamespace(), cluster.getSpec().allowedTenants());
        var resolver = new TenantResolver(
                model, rule, sources.namespaceLabels(), new CachedCredentials(sources.credentials()), engine);
        var observed = observed(id, model, poolers);
        var versions = versions(held);
        var limits = versions.isEmpty() ? limits(held) : Map.<String, Set<DoorLimits>>of();
        var resolutions = tenants.stream()
                .filter(tenant -> !gone.contains(tenant.getMetadata().getUid()))
                .flatMap(tenant -> resolve(tenant, resolver).stream())
                .map(resolution -> supported(resolution, versions, limits))
                .toList();
        var known = passwords.pass(cluster, model, withEvidence(resolutions, held, rule), held);
        return new Planner(model, held, keys, observed).plan(known, gone);
    }

    private static boolean serving(TenantId id, List<HeldPooler> held) {
        return held.stream()
                .flatMap(pooler -> pooler.tenants().stream())
                .anyMatch(tenant -> tenant.id().equals(id) && tenant.standing().isServing());
    }

    /** Adds what became of passwords that changed. */
    TrustReport report(PoolerCluster cluster, TrustReport trust) {
        return trust.withUnchecked(passwords.unchecked(cluster));
    }

    /** Has the servers watched that could run out of connections. */
    void watch(ResourceID cluster, Plan plan) {
        brakes.watch(cluster, plan);
    }

    /** How long until some tenant's clients have to be gone; empty when none is drained. */
    Optional<Duration> untilNextDrainEnds(Plan plan) {
        return plan.poolers().stream()
                .flatMap(content -> content.tenants().stream())
                .map(Placed::standing)
                .filter(standing ->
                        standing.until() >= clock.instant().getEpochSecond()) // one that is over waits for an event
                .map(standing -> Duration.between(clock.instant(), Instant.ofEpochSecond(standing.until() + 1)))
                .min(Comparator.naturalOrder())
                .map(left -> left.compareTo(SOON) < 0 ? SOON : left);
    }

    private static Optional<Resolution> resolve(Tenant tenant, TenantResolver resolver) {
        if (tenant.getMetadata().getDeletionTimestamp() == null) {
            return Optional.of(resolver.resolve(tenant));
        }
        var meta = tenant.getMetadata();
        return Draining.until(tenant)
                .map(until -> new Resolution.Leaving(
                        new TenantId(meta.getUid(), meta.getNamespace(), meta.getName()),
                        meta.getGeneration(),
                        meta.getCreationTimestamp(),
                        until));
    }

    /** One setting that a pooler's program does not know would keep the files of all its tenants from being read. */
    private Resolution supported(
            Resolution resolution, SortedSet<String> versions, Map<String, Set<DoorLimits>> limits) {
        if (!(resolution instanceof Resolution.Resolved resolved)) {
            return resolution;
        }
        if (versions.isEmpty() && !isServedAsAsked(resolved.model(), limits)) {
            return new Resolution.Resolved(engine.careful(resolved.model()));
        }
        return engine.unsupported(resolved.model(), versions)
                .<Resolution>map(finding ->
                        new Resolution.Refused(resolution.id(), resolution.generation(), resolution.created(), finding))
                .orElse(resolution);
    }

    /** The versions of the program that pods run. */
    private SortedSet<String> versions(List<HeldPooler> held) {
        var versions = new TreeSet<String>();
        for (var pooler : held) {
            delivery.pods(pooler.id()).ifPresent(pods -> versions.addAll(pods.versions()));
        }
        return versions;
    }

    /** What pods have read already, they know; after a restart of the operator nothing is taken back for a moment. */
    private static boolean isServedAsAsked(TenantModel model, Map<String, Set<DoorLimits>> limits) {
        var served = limits.getOrDefault(model.id().uid(), Set.of());
        return model.doors().stream().map(Door::limits).allMatch(served::contains);
    }

    /** The limits that the doors of each tenant have now, by its UID. */
    private static Map<String, Set<DoorLimits>> limits(List<HeldPooler> held) {
        var limits = new HashMap<String, Set<DoorLimits>>();
        held.forEach(pooler -> pooler.tenants()
                .forEach(tenant -> limits.computeIfAbsent(tenant.id().uid(), uid -> new HashSet<>())
                        .add(tenant.limits())));
        return limits;
    }

    private Observed observed(ResourceID cluster, ClusterModel model, HeldPoolers.Held read) {
        var held = read.poolers();
        var poolers = new HashMap<PoolerId, PoolerObservation>();
        for (var pooler : held) {
            delivery.pods(pooler.id()).ifPresent(pods -> poolers.put(pooler.id(), pods.observation()));
        }
        return new Observed(clock.instant(), poolers, brakes.braked(cluster, model, held), forgetful(read));
    }

    /**
     * Only poolers whose every pod serves what is held: each of them has refused the removed roles by two locks by then,
     * and the one that stays until the pod is replaced, its access rules, is not read with a user list of before.
     */
    private Set<PoolerId> forgetful(HeldPoolers.Held held) {
        return held.poolers().stream()
                .filter(pooler ->
                        pooler.forgetting().isDue(pooler.removedRoles().size(), clock.instant(), policy))
                .map(HeldPooler::id)
                .filter(id ->
                        delivery.pods(id).filter(pods -> !pods.terminating()).isPresent())
                .filter(id ->
                        delivery.served(id).isPresent() && delivery.served(id).equals(held.revision(id)))
                .collect(Collectors.toSet());
    }

    /** A cache may lag: nobody who is served is shut out before the API server itself says that the door is closed. */
    private List<Resolution> withEvidence(List<Resolution> resolutions, List<HeldPooler> held, NamespaceRule rule) {
        var served = held.stream()
                .flatMap(pooler -> pooler.tenants().stream())
                .map(tenant -> tenant.id().uid())
                .collect(Collectors.toSet());
        return resolutions.stream()
                .filter(resolution -> !(resolution instanceof Resolution.Resolved resolved
                        && resolved.model().suspended()
                        && serving(resolution.id(), held)
                        && !evidence.isSuspended(resolution.id())))
                .filter(resolution -> !(resolution instanceof Resolution.Refused refused
                        && refused.finding().revokes()
                        && served.contains(refused.id().uid())
                        && evidence.admits(rule, refused.id().namespace())))
                .toList();
    }
}
