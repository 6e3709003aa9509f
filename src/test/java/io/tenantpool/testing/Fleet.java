package io.tenantpool.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tenantpool.api.v1alpha1.LocalSecretRef;
import io.tenantpool.api.v1alpha1.PoolerClusterRef;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.api.v1alpha1.TenantUser;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A PoolerCluster of several cells with two doors, {@code transaction} and {@code session}, of one pod each: PostgreSQL,
 * the API server double, a local node, and the built operator. The tenants share one database; each has a pool name, a
 * role and a credentials Secret of its own.
 */
public final class Fleet implements AutoCloseable {
    public static final String TRANSACTION = "transaction";
    public static final String SESSION = "session";

    /** The namespace of the poolers. */
    public static final String POOLERS = "poolers";

    public static final String CLUSTER = "main";
    private static final String TENANTS = "team";
    private static final String DATABASE = "app";
    private static final String UPSTREAM = "postgres.db.svc.cluster.local";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ExecutorService clients = Executors.newFixedThreadPool(8);
    private final EmbeddedPostgresServer postgres;
    private final ApiServerDouble api;
    private final LocalNode node;
    private final Path kubeconfig;
    private final Map<String, String> settings;
    private OperatorProcess operator;
    private final ReadyWatch ready;

    private Fleet(int maxTenantsPerCell, Map<String, String> settings) {
        PgBouncerProgram program = OperandTier.pgBouncer();
        postgres = opened(OperandTier.postgres(400));
        postgres.createDatabase(DATABASE, "owner", "owner-password");
        api = opened(ApiServerDouble.start());
        node = opened(LocalNode.start(api, program));
        node.addHost(UPSTREAM, 5432, postgres.host(), postgres.port());
        for (String namespace : List.of(POOLERS, TENANTS)) {
            create(new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(namespace)
                    .endMetadata()
                    .build());
        }
        poolerCluster(maxTenantsPerCell);
        ready = opened(new ReadyWatch(api.client(), TENANTS));
        kubeconfig = api.writeKubeconfig(BuildDirectory.resolve("fleet").resolve("kubeconfig"));
        this.settings = settings;
        operator = opened(OperatorProcess.start(kubeconfig, settings));
    }

    /** Starts one without tenants, and with the poolers of the first cell. */
    public static Fleet start(int maxTenantsPerCell, Map<String, String> settings) {
        return new Fleet(maxTenantsPerCell, settings);
    }

    private void poolerCluster(int maxTenantsPerCell) {
        String yaml = """
                apiVersion: tenantpool.io/v1alpha1
                kind: PoolerCluster
                metadata: {name: %s, namespace: %s}
                spec:
                  image: pgbouncer:1.26.1
                  upstreams:
                  - name: default
                    type: Static
                    static: {endpoints: [{host: %s, port: 5432}]}
                    tls: {mode: Disable}
                    connections: {max: 100000, reserved: 20}
                  listeners:
                  - {name: %s, poolMode: Transaction, port: 6432, replicas: 1, defaultPoolSize: 2}
                  - {name: %s, poolMode: Session, port: 6433, replicas: 1, defaultPoolSize: 2}
                  allowedTenants: {namespaces: {from: All}}
                  cells: {maxTenants: %d}
                """.formatted(CLUSTER, POOLERS, UPSTREAM, TRANSACTION, SESSION, maxTenantsPerCell);
        api.client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private void create(HasMetadata object) {
        api.client().resource(object).create();
    }

    public ApiServerDouble api() {
        return api;
    }

    public OperatorProcess operator() {
        return operator;
    }

    /** Kills the operator and starts another one. */
    public void restartOperator() {
        operator.kill();
        operator = opened(OperatorProcess.start(kubeconfig, settings));
    }

    /** The name of the tenant with this number. */
    public static String name(int number) {
        return String.format(Locale.ROOT, "tenant-%05d", number);
    }

    /** The name of a pooler's objects. */
    public static String pooler(int cell, String listener) {
        return CLUSTER + "-" + listener + (cell == 0 ? "" : "-" + cell);
    }

    /** Makes the role and the credentials Secret of the tenants with these numbers, so that only the Tenants lack. */
    public void prepare(int from, int until) {
        postgres.execute(IntStream.range(from, until)
                .mapToObj(number -> "CREATE ROLE \"role-" + number + "\" LOGIN PASSWORD '" + password(number) + "'")
                .toArray(String[]::new));
        atOnce(
                numbers(from, until),
                number -> create(new SecretBuilder()
                        .withNewMetadata()
                        .withName(secret(number))
                        .withNamespace(TENANTS)
                        .addToLabels("tenantpool.io/credentials", "true")
                        .endMetadata()
                        .addToStringData("username", "role-" + number)
                        .addToStringData("password", password(number))
                        .build()));
    }

    /** The numbers from one on and before another one. */
    public static List<Integer> numbers(int from, int until) {
        return IntStream.range(from, until).boxed().toList();
    }

    /** Creates the Tenants with these numbers, by several clients at once. */
    public void create(Collection<Integer> numbers) {
        atOnce(numbers, this::create);
    }

    /** Creates the Tenant with this number. */
    public void create(int number) {
        Tenant tenant = new Tenant();
        tenant.setMetadata(new ObjectMetaBuilder()
                .withName(name(number))
                .withNamespace(TENANTS)
                .build());
        tenant.setSpec(new TenantSpec(
                new PoolerClusterRef(CLUSTER, POOLERS),
                "default",
                DATABASE,
                "pool-" + number,
                List.of(new TenantUser("app", new LocalSecretRef(secret(number)))),
                null,
                null,
                null,
                null));
        create(tenant);
    }

    /** Gives the tenant pools of this size on both doors. */
    public void resize(int number, int poolSize) {
        String patch = """
                {"spec": {"listeners": [{"name": "%s", "poolSize": %d}, {"name": "%s", "poolSize": %d}]}}
                """.formatted(TRANSACTION, poolSize, SESSION, poolSize);
        api.client()
                .resources(Tenant.class)
                .inNamespace(TENANTS)
                .withName(name(number))
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Deletes the Tenant with this number. */
    public void delete(int number) {
        api.client()
                .resources(Tenant.class)
                .inNamespace(TENANTS)
                .withName(name(number))
                .delete();
    }

    /** When this generation of each was seen to be Ready, as {@link System#nanoTime()}; waits for it. */
    public List<Long> awaitReady(Collection<Integer> numbers, long generation, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        return numbers.stream()
                .map(number -> get(ready.ready(name(number), generation), deadline - System.nanoTime(), name(number)))
                .toList();
    }

    private long get(CompletableFuture<Long> seen, long nanos, String name) {
        try {
            return seen.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(name + " is not Ready; " + node.failures() + " log: " + operator.log(), e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The cell that the tenant's status shows. */
    public int cellOf(int number) {
        return api.get(Tenant.class, TENANTS, name(number))
                .map(Tenant::getStatus)
                .map(TenantStatus::placement)
                .map(placement -> Integer.parseInt(placement.cell()))
                .orElseThrow();
    }

    /** What was written and reloaded so far. */
    public FleetFootprint footprint() {
        return FleetFootprint.of(api, node);
    }

    /** The footprint once it has stayed the same for a while. */
    public FleetFootprint atRest(Duration quiet, Duration patience) {
        FleetFootprint[] last = {footprint()};
        await("the fleet rests")
                .pollInterval(Duration.ofMillis(250))
                .atMost(patience)
                .during(quiet)
                .until(() -> {
                    FleetFootprint now = footprint();
                    boolean same = now.equals(last[0]);
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    /** What the node itself could not do. */
    public List<String> failures() {
        return node.failures();
    }

    private void atOnce(Collection<Integer> numbers, Consumer<Integer> task) {
        List<Future<?>> started = numbers.stream()
                .<Future<?>>map(number -> clients.submit(() -> task.accept(number)))
                .toList();
        for (Future<?> one : started) {
            try {
                one.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String password(int number) {
        return "password-of-the-tenant-" + number;
    }

    private static String secret(int number) {
        return name(number) + "-db";
    }

    @Override
    public void close() throws Exception {
        clients.shutdownNow();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
