package io.tenantpool.testing;

import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.Admission;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Contract;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Observed;
import io.tenantpool.model.Placed;
import io.tenantpool.model.Plan;
import io.tenantpool.model.Planner;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerObservation;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.ServerKey;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.TenantModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A PoolerCluster from plan to plan: what was planned is what its poolers hold next time. */
public final class PlannedWorld {
    private final Function<PoolerContent, HeldPooler> memory;
    private final Map<PoolerId, HeldPooler> held = new LinkedHashMap<>();
    private final Map<PoolerId, PoolerObservation> seen = new HashMap<>();
    private ClusterModel cluster;
    private Instant now = Given.NOW;
    private Set<ServerKey> braked = Set.of();
    private Set<PoolerId> forgetful = Set.of();

    public PlannedWorld(ClusterModel cluster) {
        this(cluster, HeldPooler::of);
    }

    /** @param memory how a pooler is read back */
    public PlannedWorld(ClusterModel cluster, Function<PoolerContent, HeldPooler> memory) {
        this.cluster = cluster;
        this.memory = memory;
    }

    /** As many pods of a transaction door. */
    public static ListenerModel pods(int replicas) {
        return new ListenerModel(
                "transaction", "Transaction", Upstream.Role.Primary, 6432, replicas, replicas, null, 1000, 20, 60);
    }

    /** As many pods of a session door. */
    public static ListenerModel sessionPods(int replicas) {
        return new ListenerModel(
                "session", "Session", Upstream.Role.Primary, 6433, replicas, replicas, null, 100, 10, 600);
    }

    /** {@code poolers/main} before a PostgreSQL of as many connections, none of them reserved. */
    public static ClusterModel cluster(int max, ListenerModel... listeners) {
        return cluster(new Contract(max, 0, 100, false), Admission.OPEN, 500, listeners);
    }

    public static ClusterModel cluster(
            Contract contract, Admission admission, int maxTenants, ListenerModel... listeners) {
        return model(List.of(listeners), Map.of("default", contract), admission, maxTenants);
    }

    /** {@code poolers/main} before {@link Given#UPSTREAM}, in plain text. */
    static ClusterModel model(
            List<ListenerModel> listeners, Map<String, Contract> contracts, Admission admission, int maxTenants) {
        return new ClusterModel(
                "poolers",
                "main",
                listeners,
                Map.of("default", Given.UPSTREAM),
                Map.of(),
                contracts,
                admission,
                maxTenants,
                ServerTls.PLAIN,
                Set.of());
    }

    /** As {@link Given#tenant(String)}, with as large a pool. */
    public static TenantModel tenant(String name, int poolSize) {
        return on(Given.tenant(name), Given.modelDoor("transaction", poolSize, null));
    }

    /** The same Tenant, asking for other doors. */
    public static TenantModel on(TenantModel t, io.tenantpool.model.Door... doors) {
        return edited(t, List.of(doors), t.suspended(), t.drainTimeoutSeconds());
    }

    /** The same Tenant, suspended; connected clients may go on for as long. */
    public static TenantModel suspended(TenantModel t, int drainTimeoutSeconds) {
        return edited(t, t.doors(), true, drainTimeoutSeconds);
    }

    /** The same Tenant, back from suspension. */
    public static TenantModel resumed(TenantModel t) {
        return edited(t, t.doors(), false, 0);
    }

    private static TenantModel edited(
            TenantModel t, List<io.tenantpool.model.Door> doors, boolean suspended, int drainTimeoutSeconds) {
        return new TenantModel(
                t.id(),
                t.generation() + 1,
                t.created(),
                t.poolName(),
                t.database(),
                t.upstream(),
                t.roles(),
                doors,
                t.dedicated(),
                suspended,
                drainTimeoutSeconds);
    }

    public ClusterModel cluster() {
        return cluster;
    }

    /** The platform team edits the PoolerCluster. */
    public void edit(ClusterModel newer) {
        cluster = newer;
    }

    public Instant now() {
        return now;
    }

    public void passes(int seconds) {
        now = now.plusSeconds(seconds);
    }

    public void brake(ServerKey... servers) {
        braked = Set.of(servers);
    }

    /** The next plans forget the removed roles of these poolers. */
    public void forget(PoolerId... poolers) {
        forgetful = Set.of(poolers);
    }

    /** What the pods of a pooler say from now on. */
    public void pods(PoolerId pooler, PoolerObservation observation) {
        seen.put(pooler, observation);
    }

    /** Nobody knows anything of any pod. */
    public void podsUnknown() {
        seen.clear();
    }

    /** The pods of a pooler hold no more connections of these tenants than they may. */
    public void settled(String listener, String... tenants) {
        pods(
                Given.pooler(listener),
                new PoolerObservation(2, Set.of(), Map.of(), uids(tenants), Set.of(), new TreeMap<>()));
    }

    /** No client of these tenants is connected to the pods of a pooler. */
    public void empty(String listener, String... tenants) {
        pods(
                Given.pooler(listener),
                new PoolerObservation(2, Set.of(), Map.of(), Set.of(), uids(tenants), new TreeMap<>()));
    }

    private static Set<String> uids(String... tenants) {
        return Set.copyOf(
                Arrays.stream(tenants).map(name -> Given.id(name).uid()).toList());
    }

    public Plan plan(TenantModel... tenants) {
        return plan(Arrays.stream(tenants).map(Resolution.Resolved::new).toList(), Set.of());
    }

    public Plan plan(List<? extends Resolution> resolutions, Set<String> gone) {
        var plan = preview(resolutions, gone);
        held.clear();
        plan.poolers().forEach(content -> held.put(content.id(), memory.apply(content)));
        return plan;
    }

    /** A plan that is not carried out. */
    public Plan preview(List<? extends Resolution> resolutions, Set<String> gone) {
        return new Planner(
                        cluster,
                        List.copyOf(held.values()),
                        Given.KEYS,
                        new Observed(now, Map.copyOf(seen), braked, forgetful))
                .plan(List.copyOf(resolutions), gone);
    }

    public List<HeldPooler> held() {
        return new ArrayList<>(held.values());
    }

    /** A tenant as a door holds it, in whichever cell. */
    public Optional<Placed> held(String tenantUid, String listener) {
        return held.values().stream()
                .filter(pooler -> pooler.id().listener().equals(listener))
                .flatMap(pooler -> pooler.tenants().stream())
                .filter(tenant -> tenant.id().uid().equals(tenantUid))
                .findFirst();
    }

    /** The cell that a tenant is held in. */
    public Optional<String> cell(String tenantUid) {
        return held.values().stream()
                .filter(pooler -> pooler.tenants().stream()
                        .anyMatch(tenant -> tenant.id().uid().equals(tenantUid)))
                .map(pooler -> pooler.id().cell())
                .findFirst();
    }

    /** A tenant's share of the transaction door. */
    public int perPod(String name) {
        return placed(name).grant().perPod();
    }

    /** A tenant on the transaction door. */
    public Placed placed(String name) {
        return held(Given.id(name).uid(), "transaction").orElseThrow();
    }

    public static int committed(Plan plan) {
        return plan.budget().get(0).committed();
    }

    /** Why a tenant is not accepted, empty when it is. */
    public static String refusal(Plan plan, String name) {
        var verdict = Objects.requireNonNull(plan.verdicts().get(Given.id(name).uid()));
        var finding = verdict.finding();
        return finding == null ? "" : finding.reason() + ": " + finding.message();
    }
}
