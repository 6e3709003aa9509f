package io.tenantpool.engine.pgbouncer;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Admission;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Contract;
import io.tenantpool.model.Door;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Finding;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.Resolution;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.TenantModel;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What teams and the platform team do to a PoolerCluster over time, one thing after the other. */
final class PlanSteps {
    private static final PgBouncerEngine ENGINE = new PgBouncerEngine();

    /** Tenants as they stand in the API server. */
    final Map<String, TenantModel> tenants = new TreeMap<>();
    /** Of them, those whose references do not resolve, and those that the cache lacks. */
    final Set<String> broken = new HashSet<>();

    final Set<String> hidden = new HashSet<>();
    final PlannedWorld world;
    final Pods pods = new Pods();
    private final Set<String> gone = new HashSet<>();
    private final Map<Integer, Integer> deleted = new HashMap<>();
    private int max = 150;
    private int replicas = 2;
    private int maxTenants = 3;
    private Admission admission = new Admission(true, null, null);

    PlanSteps() {
        world = new PlannedWorld(cluster(), PlanSteps::readBack);
    }

    /** What happens; those of the platform team come last. */
    enum What {
        ASK,
        DELETE,
        BREAK,
        REPAIR,
        HIDE,
        SUSPEND,
        DRAIN,
        RESUME,
        ROTATE,
        TIME,
        PODS,
        NOTHING,
        MAX,
        REPLICAS,
        LARGEST_POOL,
        PER_NAMESPACE,
        DEDICATED,
        CELL,
        OLDER;

        boolean isOfThePlatform() {
            return compareTo(MAX) >= 0;
        }
    }

    /** @param tenant whom it is about, 0..7 */
    record Step(What what, int tenant, int number) {}

    /** What the poolers would tell after a restart of the operator. */
    static HeldPooler readBack(PoolerContent content) {
        return ENGINE.parse(content.id(), entries(content));
    }

    static Map<String, String> entries(PoolerContent content) {
        var files = ENGINE.render(content);
        var entries = new HashMap<String, String>();
        files.projected().forEach((name, text) -> entries.put(name, text.value()));
        files.kept().forEach((name, text) -> entries.put(name, text.value()));
        return entries;
    }

    /** The password of a tenant that has no pool is not kept. */
    static HeldPooler forgetful(HeldPooler pooler) {
        var tenants = pooler.tenants().stream()
                .map(tenant -> tenant.standing().hasPool() ? tenant : tenant.withRoles(List.of()))
                .toList();
        return new HeldPooler(
                pooler.id(),
                tenants,
                pooler.roles(),
                pooler.limitedRoles(),
                pooler.peers(),
                pooler.braked(),
                pooler.forgetting(),
                pooler.serverTls());
    }

    Plan take(Step step) {
        var name = "t" + step.tenant() + "-" + deleted.getOrDefault(step.tenant(), 0);
        hidden.clear();
        gone.clear();
        if (step.what() == What.ASK || step.what() == What.RESUME) {
            pods.dropOf("uid-" + name, world); // who lets a pool go and takes it back is not quicker than every pod
        }
        switch (step.what()) {
            case ASK -> tenants.put(name, asks(name, step.number()));
            case DELETE -> {
                tenants.remove(name);
                gone.add("uid-" + name);
                deleted.merge(step.tenant(), 1, Integer::sum);
            }
            case BREAK -> broken.add(name);
            case REPAIR -> broken.remove(name);
            case HIDE -> hidden.add(name);
            case SUSPEND -> tenants.computeIfPresent(name, (n, t) -> PlannedWorld.suspended(t, 0));
            case DRAIN -> tenants.computeIfPresent(name, (n, t) -> PlannedWorld.suspended(t, 1 + step.number()));
            case RESUME -> tenants.computeIfPresent(name, (n, t) -> PlannedWorld.resumed(t));
            case ROTATE -> tenants.computeIfPresent(name, (n, t) -> rotated(t, step.number()));
            case TIME -> world.passes(step.number());
            case PODS -> pods.catchUp(world);
            case NOTHING -> {}
            default -> platform(step, name);
        }
        return plan();
    }

    private void platform(Step step, String name) {
        switch (step.what()) {
            case MAX -> max = step.number() * 4;
            case REPLICAS -> replicas = 1 + step.number() % 6;
            case LARGEST_POOL ->
                admission = new Admission(admission.dedicated(), admission.maxPerNamespace(), 1 + step.number());
            case PER_NAMESPACE ->
                admission = new Admission(admission.dedicated(), step.number() % 9, admission.maxPoolSize());
            case DEDICATED ->
                admission = new Admission(step.number() % 2 == 0, admission.maxPerNamespace(), admission.maxPoolSize());
            case CELL -> maxTenants = 1 + step.number() % 4;
            default ->
                tenants.computeIfPresent(name, (n, t) -> created(t, "19%02d-01-01T00:00:00Z".formatted(step.number())));
        }
        world.edit(cluster());
    }

    Plan plan() {
        pods.look(world);
        var plan = world.plan(resolutions(), gone);
        pods.deliver(world);
        return plan;
    }

    List<Resolution> resolutions() {
        var resolutions = new ArrayList<Resolution>();
        tenants.forEach((name, tenant) -> {
            if (broken.contains(name)) {
                resolutions.add(new Resolution.Refused(
                        tenant.id(),
                        tenant.generation(),
                        tenant.created(),
                        Finding.keeping(Reason.CredentialsNotFound, "spec.users: …")));
            } else if (!hidden.contains(name)) {
                resolutions.add(new Resolution.Resolved(tenant));
            }
        });
        return resolutions;
    }

    Set<String> gone() {
        return gone;
    }

    private ClusterModel cluster() {
        return PlannedWorld.cluster(
                new Contract(max, 0, 100, false), admission, maxTenants, door(), PlannedWorld.sessionPods(2));
    }

    private ListenerModel door() {
        return PlannedWorld.pods(replicas);
    }

    /** Names that can collide, one door or two, shared pods or own ones. */
    private TenantModel asks(String name, int number) {
        var known = tenants.get(name);
        var poolName = known == null ? "pool" + number % 7 : known.poolName();
        var dedicated = known == null ? number % 10 == 0 : known.dedicated();
        var doors = new ArrayList<Door>();
        doors.add(new Door("transaction", 2 + number, number % 3, limits(number)));
        if (number % 4 == 0) {
            doors.add(new Door("session", 2 + number / 2, 0, DoorLimits.NONE));
        }
        var roles = List.of(Given.role("role" + number % 5), Given.role("own-" + name));
        return new TenantModel(
                Given.id(name),
                1,
                "2026-01-01T00:00:00Z",
                poolName,
                poolName,
                Given.UPSTREAM,
                roles,
                doors,
                dedicated,
                false,
                0);
    }

    private static DoorLimits limits(int number) {
        return new DoorLimits(number % 2 == 0 ? null : number, number % 5 == 0 ? 7 : null, number % 6 == 0 ? 30 : null);
    }

    private static TenantModel rotated(TenantModel t, int number) {
        var roles = t.roles().stream()
                .map(role -> new Role(role.name(), new Secret("rotated " + number), role.source()))
                .toList();
        return new TenantModel(
                t.id(),
                t.generation(),
                t.created(),
                t.poolName(),
                t.database(),
                t.upstream(),
                roles,
                t.doors(),
                t.dedicated(),
                t.suspended(),
                t.drainTimeoutSeconds());
    }

    private static TenantModel created(TenantModel t, String created) {
        return new TenantModel(
                t.id(),
                t.generation(),
                created,
                t.poolName(),
                t.database(),
                t.upstream(),
                t.roles(),
                t.doors(),
                t.dedicated(),
                t.suspended(),
                t.drainTimeoutSeconds());
    }
}
