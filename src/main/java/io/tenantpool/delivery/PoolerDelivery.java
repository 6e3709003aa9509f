package io.tenantpool.delivery;

import io.tenantpool.model.PoolerId;
import io.tenantpool.model.Progress;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one pooler's pods serve what is wanted and has its tenants proven. Confined to the delivery loop. */
final class PoolerDelivery implements PodLink.Surroundings {
    private static final Duration JOINING = Duration.ofSeconds(15);
    private static final Duration STALE_JOINER = Duration.ofMillis(2500);
    private static final int REMEMBERED_REVISIONS = 200;

    private final PoolerId id;
    private final Surroundings around;
    private final Map<String, PodLink> links = new HashMap<>();
    private final Map<String, TenantProof> proofs = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, Long> removedNames = new HashMap<>();
    private @Nullable Wanted wanted;
    private long number;

    PoolerDelivery(PoolerId id, Surroundings around) {
        this.id = id;
        this.around = around;
    }

    /** What all poolers share. */
    interface Surroundings {
        DeliveryLoop loop();

        Clock clock();

        DeliverySettings settings();

        PodApi api();

        Future<Console> openConsole(PodView pod, Wanted wanted);

        Future<Void> loginAsSentinel(PodView pod, Wanted wanted);

        void reloaded(Duration duration);

        void kicked();

        void prove(PoolerDelivery pooler, TenantProof proof, @Nullable PodView pod);

        void changed(PoolerId pooler, TenantProof proof, Progress progress);

        void removed(PoolerId pooler, TenantProof proof);
    }

    void want(Wanted newer) {
        if (wanted == null || !wanted.revision().equals(newer.revision())) {
            number++;
            if (numbers.size() > REMEMBERED_REVISIONS) {
                numbers.values().removeIf(n -> n < number - REMEMBERED_REVISIONS / 2);
            }
            numbers.put(newer.revision(), number);
        }
        wanted = newer;
        takeTargets(newer.tenants());
        links.values().forEach(PodLink::advance);
        proofs.values().forEach(this::advance);
    }

    private void takeTargets(List<Wanted.Target> targets) {
        var now = around.clock().instant();
        var uids = new HashSet<String>();
        for (var target : targets) {
            uids.add(target.id().uid());
            var before = proofs.get(target.id().uid());
            if (before == null || !before.target.content().equals(target.content())) {
                if (before != null) {
                    retire(before);
                }
                var proof = new TenantProof(target, number, now);
                proofs.put(target.id().uid(), proof);
                publish(proof);
            }
        }
        proofs.values().removeIf(proof -> {
            var gone = !uids.contains(proof.target.id().uid());
            if (gone) {
                retire(proof);
                around.removed(id, proof);
            }
            return gone;
        });
        for (var target : targets) {
            removedNames.remove(target.poolName());
            target.roles().forEach(role -> removedNames.remove(role.name()));
        }
    }

    private void retire(TenantProof proof) {
        removedNames.put(proof.target.poolName(), number);
        proof.target.roles().forEach(role -> removedNames.put(role.name(), number));
    }

    /** Names that were let go and that some pod may still serve. */
    Set<String> stillServed() {
        var slowest = links.values().stream()
                .filter(link -> link.view().reachable())
                .mapToLong(this::number)
                .min()
                .orElse(number);
        removedNames.values().removeIf(n -> n <= slowest);
        return Set.copyOf(removedNames.keySet());
    }

    void pods(Collection<PodView> views) {
        var uids = new HashSet<String>();
        for (var view : views) {
            uids.add(view.uid());
            var link = links.computeIfAbsent(view.uid(), uid -> new PodLink(this, view));
            link.update(view);
        }
        links.values().removeIf(link -> {
            var gone = !uids.contains(link.view().uid());
            if (gone) {
                link.close();
            }
            return gone;
        });
        proofs.values().forEach(this::advance);
    }

    /** Pods that take traffic or will in a moment; a tenant is ready when it works through all of them. */
    private List<PodLink> counted() {
        var now = around.clock().instant();
        var counted = new ArrayList<PodLink>();
        for (var link : links.values()) {
            var view = link.view();
            if (view.reachable()
                    && view.trafficOn()
                    && (view.ready() || age(view, now).compareTo(JOINING) < 0)) {
                counted.add(link);
            }
        }
        return counted;
    }

    private static Duration age(PodView view, java.time.Instant now) {
        return view.startedAt() == null ? Duration.ZERO : Duration.between(view.startedAt(), now);
    }

    int podCount() {
        return (int) links.values().stream()
                .filter(link -> link.view().ready() && !link.view().terminating())
                .count();
    }

    /** Pods that have been behind for longer than a delivery usually takes. */
    int podsLate() {
        return (int) links.values().stream()
                .filter(link -> link.view().ready() && !link.view().terminating())
                .filter(link -> link.behind().compareTo(around.settings().patience()) > 0)
                .count();
    }

    int podsBehind() {
        return (int) links.values().stream()
                .filter(link -> link.view().ready() && !link.view().terminating() && !link.isCurrent())
                .count();
    }

    /** Looks after what no event announces. */
    void tick() {
        links.values().forEach(PodLink::advance);
        switchTraffic();
        proofs.values().forEach(this::advance);
    }

    /** Takes pods out of traffic that can't be brought up to date: never the last one, nor more than half. */
    private void switchTraffic() {
        var now = around.clock().instant();
        var running =
                links.values().stream().filter(link -> link.view().reachable()).toList();
        var off = running.stream().filter(link -> !link.view().trafficOn()).count();
        for (var link : running) {
            var view = link.view();
            if (!view.trafficOn() && link.isCurrent()) {
                link.traffic(true);
            } else if (view.trafficOn() && hopeless(link, now) && (off + 1) * 2 <= running.size()) {
                link.traffic(false);
                off++;
            }
        }
    }

    private boolean hopeless(PodLink link, java.time.Instant now) {
        var late = link.behind().compareTo(around.settings().patience()) > 0;
        var staleJoiner = !link.view().ready()
                && link.behind().compareTo(Duration.ofSeconds(1)) > 0
                && age(link.view(), now).compareTo(STALE_JOINER) > 0;
        return late || staleJoiner;
    }

    private long number(PodLink link) {
        var current = link.current();
        return current == null ? 0 : numbers.getOrDefault(current, 0L);
    }

    private void advance(TenantProof proof) {
        if (!proof.due(around.clock().instant()) || wanted == null) {
            return;
        }
        var counted = counted();
        var all = !counted.isEmpty();
        for (var link : counted) {
            var uid = link.view().uid();
            if (proof.provenPods.contains(uid)) {
                continue;
            }
            all = false;
            if (number(link) >= proof.since && proof.inFlight.add(uid)) {
                around.prove(this, proof, link.view());
                if (proof.retrying()) {
                    return;
                }
            }
        }
        if (all && proof.serviceProven && proof.inFlight.isEmpty()) {
            proof.done = true;
            publish(proof);
        } else if (all && !proof.serviceProven && wanted.serviceIp() != null && proof.inFlight.add(PROOF_OF_SERVICE)) {
            around.prove(this, proof, null);
        }
    }

    static final String PROOF_OF_SERVICE = "service";

    /** Takes the result of a proof; one that nobody waits for any more is dropped. */
    void proved(TenantProof proof, @Nullable PodView pod, @Nullable Failed failed) {
        proof.inFlight.remove(pod == null ? PROOF_OF_SERVICE : pod.uid());
        if (proofs.get(proof.target.id().uid()) != proof || proof.done) {
            return;
        }
        if (failed == null) {
            if (pod == null) {
                proof.serviceProven = true;
            } else {
                proof.provenPods.add(pod.uid());
            }
            proof.succeeded();
        } else if (pod == null || links.containsKey(pod.uid())) {
            var pause = proof.failed(
                    failed.role(),
                    pod == null ? "the published address" : "pod " + pod.name(),
                    failed.result(),
                    around.clock().instant());
            publish(proof);
            around.loop().after(pause.plusMillis(1), () -> advance(proof));
        }
        if (!proof.retrying()) {
            advance(proof);
        }
    }

    /** A login that failed. */
    record Failed(io.tenantpool.model.Role role, Prover.Result result) {}

    private void publish(TenantProof proof) {
        around.changed(id, proof, progress(proof));
    }

    private Progress progress(TenantProof proof) {
        var counted = counted();
        var current = (int)
                counted.stream().filter(link -> number(link) >= proof.since).count();
        return new Progress(proof.target.content(), counted.size(), current, proof.done, proof.failure());
    }

    /** The progress of every tenant that is not done, for who asks between events. */
    @Nullable
    Progress progress(String tenantUid) {
        var proof = proofs.get(tenantUid);
        return proof == null ? null : progress(proof);
    }

    void close() {
        links.values().forEach(PodLink::close);
        links.clear();
        wanted = null;
    }

    @Override
    public @Nullable Wanted wanted() {
        return wanted;
    }

    @Override
    public void nowCurrent(PodLink link) {
        proofs.values().forEach(this::advance);
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
    public Future<Void> loginAsSentinel(PodView pod, Wanted newest) {
        return around.loginAsSentinel(pod, newest);
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
