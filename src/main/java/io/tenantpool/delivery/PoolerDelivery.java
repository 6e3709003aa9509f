package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerObservation;
import io.tenantpool.model.Progress;
import io.tenantpool.model.Secret;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes one pooler's pods serve what is wanted and has its tenants proven. Confined to the delivery loop. */
final class PoolerDelivery implements PodSurroundings, TenantProofs.Prove, PoolWatch.Reader, Warmth.Holder {
    private final PoolerId id;
    private final Surroundings around;
    private final PoolerPods pods;
    private final TenantProofs proofs;
    private final OpenPools openPools;
    private final PoolWatch watch;
    private final Warmth warmth;
    private @Nullable Wanted wanted;

    /** @param trusting whether proofs of an earlier run of the operator hold */
    PoolerDelivery(PoolerId id, Surroundings around, boolean trusting) {
        this.id = id;
        this.around = around;
        pods = new PoolerPods(this);
        proofs = new TenantProofs(pods, this, trusting);
        openPools = new OpenPools(pods);
        watch = new PoolWatch(pods, this);
        warmth = new Warmth(pods, this);
    }

    /** Whether what is wanted belongs to another PoolerCluster of the same name, which came after. */
    boolean isOf(String clusterUid) {
        return wanted == null || wanted.clusterUid().equals(clusterUid);
    }

    /** What all poolers share. */
    interface Surroundings {
        DeliveryLoop loop();

        Clock clock();

        DeliverySettings settings();

        PodApi api();

        Future<Console> openConsole(PodView pod, Wanted wanted);

        Future<String> loginAsSentinel(PodView pod, Secret password, Wanted wanted);

        void reloaded(Duration duration);

        void kicked();

        void prove(PoolerDelivery pooler, TenantProof proof, @Nullable PodView pod);

        CompletionStage<PoolReading> read(PoolerId pooler, Duration maxAge);

        Future<Void> hold(PodView pod, Wanted.Pool pool, PgLogin.Encryption encryption, Duration time);

        ConsoleDialect dialect();

        void changed(PoolerId pooler, TenantProof proof, Progress progress);

        void removed(PoolerId pooler, TenantProof proof);
    }

    void want(Wanted newer) {
        var number = pods.want(newer, wanted == null ? null : wanted.revision());
        wanted = newer;
        proofs.take(newer.tenants(), number);
        openPools.take(newer.pools(), number, watch.settled());
        watch.want(newer.pools(), number);
        warmth.want(newer.pools());
        pods.advance();
        proofs.advance();
    }

    void pods(Collection<PodView> views) {
        pods.update(views);
        proofs.advance();
    }

    PoolerPods pods() {
        return pods;
    }

    TenantProofs proofs() {
        return proofs;
    }

    Delivery.Pods summary() {
        var observation = new PoolerObservation(
                pods.runningCount(),
                openPools.stillServed(proofs.stillServed()),
                openPools.stillOpen(),
                watch.settled(),
                watch.empty(),
                wanted == null ? null : pods.peers(wanted.peers()));
        return new Delivery.Pods(
                pods.readyCount(),
                pods.lateCount(),
                pods.anyTerminating(),
                pods.versions(),
                wanted == null ? 0 : pods.otherCertificateCount(wanted.tls()),
                observation);
    }

    private SortedMap<Integer, String> peersInContent() {
        return wanted == null ? new TreeMap<>() : wanted.peers();
    }

    /** Looks after what no event announces. */
    void tick() {
        pods.advance();
        pods.switchTraffic();
        proofs.advance();
        watch.tick();
        warmth.tick();
    }

    void close() {
        wanted = null;
        pods.close();
    }

    @Override
    public @Nullable Wanted wanted() {
        return wanted;
    }

    @Override
    public void nowCurrent(PodLink link) {
        warmth.soon();
        proofs.advance();
    }

    @Override
    public Instant now() {
        return around.clock().instant();
    }

    @Override
    public boolean hasAddress() {
        return wanted != null && wanted.serviceIp() != null;
    }

    @Override
    public void start(TenantProof proof, @Nullable PodView pod) {
        around.prove(this, proof, pod);
    }

    @Override
    public void changed(TenantProof proof) {
        if (proof.done) {
            warmth.soon();
        }
        around.changed(id, proof, proofs.progress(proof));
    }

    @Override
    public void removed(TenantProof proof) {
        around.removed(id, proof);
    }

    @Override
    public void later(TenantProof proof, Duration pause) {
        around.loop().after(pause.plusMillis(1), () -> proofs.advance(proof));
    }

    @Override
    public DeliveryLoop loop() {
        return around.loop();
    }

    @Override
    public Clock clock() {
        return around.clock();
    }

    @Override
    public DeliverySettings settings() {
        return around.settings();
    }

    @Override
    public PodApi api() {
        return around.api();
    }

    @Override
    public Future<Console> openConsole(PodView pod, Wanted newest) {
        return around.openConsole(pod, newest);
    }

    @Override
    public Future<String> loginAsSentinel(PodView pod, Secret password) {
        return wanted == null
                ? Future.failedFuture("nothing is wanted any more")
                : around.loginAsSentinel(pod, password, wanted);
    }

    @Override
    public @Nullable Secret sentinel(String revision) {
        return pods.sentinel(revision);
    }

    @Override
    public int freePeerId(PodView pod) {
        return pods.freePeerId(pod, dialect().maxPeerId(), peersInContent());
    }

    @Override
    public ConsoleDialect dialect() {
        return around.dialect();
    }

    @Override
    public boolean isProven(String tenantUid) {
        return proofs.isDone(tenantUid);
    }

    @Override
    public CompletionStage<PoolReading> read(Duration maxAge) {
        return around.read(id, maxAge);
    }

    @Override
    public Future<Void> hold(PodView pod, Wanted.Pool pool, Duration time) {
        return wanted == null ? Future.succeededFuture() : around.hold(pod, pool, wanted.encryption(), time);
    }

    @Override
    public void reconnect(PodView pod, String poolName) {
        var newest = wanted;
        if (newest != null) {
            around.openConsole(pod, newest)
                    .compose(console -> console.reconnect(poolName).onComplete(done -> console.close()));
        }
    }

    @Override
    public void reloaded(Duration duration) {
        around.reloaded(duration);
    }

    @Override
    public void kicked() {
        around.kicked();
    }
}
