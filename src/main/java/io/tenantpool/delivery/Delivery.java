package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.engine.Engine;
import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerObservation;
import io.tenantpool.model.Progress;
import io.tenantpool.model.Secret;
import io.tenantpool.observe.Meters;
import io.tenantpool.observe.PoolUsages;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings every pooler to what is wanted and proves every tenant. Its methods may be called on any thread and never wait;
 * what it found out is read from {@link #progress} and {@link #pods}.
 */
public final class Delivery implements PoolerDelivery.Surroundings, PoolUsages, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Delivery.class);
    private static final Duration TICK = Duration.ofMillis(250);

    private final DeliveryLoop loop = new DeliveryLoop();
    private final Clock clock;
    private final DeliverySettings settings;
    private final PodApi api;
    private final Meters meters;
    private final Consoles consoles;
    private final PoolReadings readings;
    private final Prover prover;
    private final Proofs proofs;
    private final ConsoleDialect dialect;
    private final DeliveryListener listener;
    private final Map<PoolerId, PoolerDelivery> poolers = new HashMap<>();
    private final Map<PoolerId, Map<String, Progress>> progress = new ConcurrentHashMap<>();
    private final Map<PoolerId, Pods> pods = new ConcurrentHashMap<>();
    private final Map<PoolerId, Optional<String>> served = new ConcurrentHashMap<>();
    private boolean listed;

    public Delivery(
            Vertx vertx,
            Clock clock,
            DeliverySettings settings,
            PodApi api,
            Engine engine,
            Meters meters,
            DeliveryListener listener) {
        this.clock = clock;
        this.settings = settings;
        this.api = api;
        this.meters = meters;
        this.listener = listener;
        var login = new PgLogin(vertx);
        consoles =
                new Consoles(login, engine.console(), settings.consoleTimeout().toMillis());
        readings = new PoolReadings(loop, clock, consoles::open);
        dialect = engine.console();
        prover = new Prover(login, engine, settings.loginTimeout().toMillis());
        proofs = new Proofs(loop, prover, meters, settings.proofsPerUpstream());
        loop.every(TICK, this::tick);
    }

    /**
     * The pods of a pooler.
     *
     * @param ready pods that clients can reach
     * @param late those of them that have not served what is wanted for longer than a delivery takes
     * @param terminating whether one is stopping
     * @param versions of the program, as far as they told
     * @param otherCertificate pods that serve the content and another certificate than they were given
     * @param observation what a plan is made from
     */
    public record Pods(
            int ready,
            int late,
            boolean terminating,
            SortedSet<String> versions,
            int otherCertificate,
            PoolerObservation observation) {}

    public void want(Wanted wanted) {
        loop.execute(() -> {
            var before = poolers.get(wanted.pooler());
            if (before != null && !before.isOf(wanted.clusterUid())) {
                var views = before.pods().views();
                before.close();
                progress.remove(wanted.pooler());
                poolers.put(wanted.pooler(), new PoolerDelivery(wanted.pooler(), this, false));
                pooler(wanted.pooler()).pods(views);
            }
            readings.want(wanted);
            pooler(wanted.pooler()).want(wanted);
            refresh(wanted.pooler());
        });
    }

    public void podsChanged(PoolerId id, Collection<PodView> views) {
        var copy = List.copyOf(views);
        loop.execute(() -> {
            var known = poolers.get(id);
            if (copy.isEmpty() && (known == null || known.wanted() == null)) {
                drop(id); // the last pod of a pooler that is no more
                return;
            }
            readings.podsChanged(id, copy);
            pooler(id).pods(copy);
            refresh(id);
        });
    }

    /** The pods that exist were all told of; before that, that there is none means nothing. */
    public void podsListed() {
        loop.execute(() -> {
            listed = true;
            poolers.keySet().forEach(this::refresh);
        });
    }

    private PoolerDelivery pooler(PoolerId id) {
        return poolers.computeIfAbsent(id, key -> new PoolerDelivery(key, this, true));
    }

    public void forget(PoolerId pooler) {
        loop.execute(() -> drop(pooler));
    }

    private void drop(PoolerId pooler) {
        var gone = poolers.remove(pooler);
        if (gone != null) {
            gone.close();
        }
        progress.remove(pooler);
        pods.remove(pooler);
        served.remove(pooler);
        readings.forget(pooler);
    }

    /** How far a tenant has come on a pooler, or null when the pooler has not heard of it. */
    public @Nullable Progress progress(PoolerId pooler, String tenantUid) {
        return progress.getOrDefault(pooler, Map.of()).get(tenantUid);
    }

    /** Empty until the pods were listed and the pooler is known. */
    public Optional<Pods> pods(PoolerId pooler) {
        return Optional.ofNullable(pods.get(pooler));
    }

    /** The revision that every pod that runs serves; empty when they differ. Nobody is told when it changes. */
    public Optional<String> served(PoolerId pooler) {
        return served.getOrDefault(pooler, Optional.empty());
    }

    /** Completes on the delivery thread, so what follows must not wait there; a pod that does not answer is missing. */
    @Override
    public CompletionStage<PoolReading> usage(PoolerId pooler, Duration maxAge) {
        return readings.read(pooler, maxAge);
    }

    /** What the pods said when they were last asked. */
    public Optional<PoolReading> lastUsage(PoolerId pooler) {
        return readings.last(pooler);
    }

    @Override
    public Map<PoolerId, List<PoolShare>> shares(String namespace, String cluster) {
        return readings.shares(namespace, cluster);
    }

    private void tick() {
        poolers.forEach((id, pooler) -> {
            try {
                pooler.tick();
                refresh(id);
            } catch (RuntimeException e) {
                LOG.errorf(e, "The look at pooler %s failed; the next one takes it up again", id);
            }
        });
        meters.podsBehind(poolers.values().stream()
                .mapToInt(pooler -> pooler.pods().behindCount())
                .sum());
    }

    private void refresh(PoolerId id) {
        var pooler = poolers.get(id);
        if (pooler == null || !listed) {
            return;
        }
        var now = pooler.summary();
        var revision = pooler.pods().served();
        var isReached = !revision.equals(served.put(id, revision)) && revision.isPresent();
        if (!now.equals(pods.put(id, now)) || isReached) { // what waits for the last pod is told of it, too
            listener.poolerChanged(id);
        }
        // Pods may have come or caught up since the last proof; what is done stays as it was said.
        progress.computeIfPresent(id, (key, tenants) -> {
            tenants.replaceAll((uid, before) -> {
                var after = before.done() ? before : pooler.proofs().progress(uid);
                return after == null ? before : after;
            });
            return tenants;
        });
    }

    @Override
    public void changed(PoolerId id, TenantProof proof, Progress newer) {
        progress.computeIfAbsent(id, key -> new ConcurrentHashMap<>())
                .put(proof.target.id().uid(), newer);
        LOG.debugf("Tenant %s on pooler %s: %s", proof.target.id(), id, newer);
        listener.tenantChanged(proof.target.id());
    }

    @Override
    public void removed(PoolerId id, TenantProof proof) {
        progress.getOrDefault(id, Map.of()).remove(proof.target.id().uid());
    }

    @Override
    public void prove(PoolerDelivery pooler, TenantProof proof, @Nullable PodView pod) {
        proofs.prove(pooler, proof, pod);
    }

    @Override
    public CompletionStage<PoolReading> read(PoolerId pooler, Duration maxAge) {
        return readings.read(pooler, maxAge);
    }

    @Override
    public Future<Void> hold(PodView pod, Wanted.Pool pool, PgLogin.Encryption encryption, Duration time) {
        var role = pool.roles().get(0);
        var target = new PgLogin.Target(
                String.valueOf(pod.ip()), pod.port(), pool.poolName(), role.name(), role.password(), encryption);
        return prover.hold(target, loop, time);
    }

    @Override
    public ConsoleDialect dialect() {
        return dialect;
    }

    @Override
    public Future<Console> openConsole(PodView pod, Wanted wanted) {
        return consoles.open(pod, wanted);
    }

    @Override
    public Future<String> loginAsSentinel(PodView pod, Secret password, Wanted wanted) {
        return consoles.loginAsSentinel(pod, password, wanted);
    }

    @Override
    public DeliveryLoop loop() {
        return loop;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public DeliverySettings settings() {
        return settings;
    }

    @Override
    public PodApi api() {
        return api;
    }

    @Override
    public void reloaded(Duration duration) {
        meters.reloaded(duration);
    }

    @Override
    public void kicked() {
        meters.kicked();
    }

    @Override
    public void close() {
        loop.execute(() -> poolers.values().forEach(PoolerDelivery::close));
        loop.close();
    }
}
