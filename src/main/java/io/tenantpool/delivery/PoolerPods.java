package io.tenantpool.delivery;

import io.tenantpool.model.PoolerTls;
import io.tenantpool.model.Secret;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods of one pooler: which of them count, which revision each serves, who gets traffic. Confined to the loop. */
final class PoolerPods {
    /** A pod that started within this time is about to take traffic: it becomes ready 3 s after its start. */
    static final Duration JOINING = Duration.ofSeconds(15);

    /** A pod that is behind this long after its start would join with old content. */
    private static final Duration STALE_JOINER = Duration.ofMillis(2500);

    /** How long nodes may still send new clients to a pod that left traffic. */
    private static final Duration LEAVING = Duration.ofMillis(1500);

    private static final int REMEMBERED_REVISIONS = 200;

    private final PodSurroundings around;
    private final Map<String, PodLink> links = new HashMap<>();
    private final Map<String, Revision> revisions = new HashMap<>();
    private long newest;

    PoolerPods(PodSurroundings around) {
        this.around = around;
    }

    /** A revision that was wanted: its number, and what proves that a pod read the whole of it. */
    private record Revision(long number, Secret sentinel) {}

    /** @return the number of the wanted revision; a later one has a higher number */
    long want(Wanted wanted, @Nullable String before) {
        if (!wanted.revision().equals(before)) {
            newest++;
            revisions.values().removeIf(revision -> revision.number() < newest - REMEMBERED_REVISIONS);
            revisions.put(wanted.revision(), new Revision(newest, wanted.sentinelPassword()));
        }
        return newest;
    }

    @Nullable
    Secret sentinel(String revision) {
        var known = revisions.get(revision);
        return known == null ? null : known.sentinel();
    }

    List<PodView> views() {
        return links.values().stream().map(PodLink::view).toList();
    }

    void update(Collection<PodView> views) {
        var uids = new HashSet<String>();
        for (var view : views) {
            uids.add(view.uid());
            links.computeIfAbsent(view.uid(), uid -> new PodLink(around, view)).update(view);
        }
        links.values().removeIf(link -> {
            var gone = !uids.contains(link.view().uid());
            if (gone) {
                link.close();
            }
            return gone;
        });
        switchTraffic();
    }

    boolean counts(PodView pod) {
        var link = links.get(pod.uid());
        return link != null && counts(link);
    }

    void advance() {
        links.values().forEach(PodLink::advance);
    }

    void close() {
        links.values().forEach(PodLink::close);
        links.clear();
    }

    /** The number of the revision that a pod was proven to serve; 0 when it is unknown. */
    long number(PodLink link) {
        var current = link.current();
        var known = current == null ? null : revisions.get(current);
        return known == null ? 0 : known.number();
    }

    /** The number that every pod that runs has reached. */
    long slowest() {
        return links.values().stream()
                .filter(link -> link.view().reachable())
                .mapToLong(this::number)
                .min()
                .orElse(newest);
    }

    /** As {@link #slowest}, with the pods that stop: these read no files any more and hold what they had. */
    long slowestHolder() {
        return links.values().stream()
                .filter(link -> link.view().terminating())
                .mapToLong(this::number)
                .reduce(slowest(), Math::min);
    }

    /** Pods that take traffic or will in a moment; a tenant is ready when it works through all of them. */
    List<PodLink> counted() {
        return links.values().stream().filter(this::counts).toList();
    }

    boolean counts(PodLink link) {
        var view = link.view();
        return view.reachable()
                && link.inTraffic()
                && (view.ready() || link.age().compareTo(JOINING) < 0);
    }

    /** Whether a pod that does not serve revision {@code number} may still get clients, though it left traffic. */
    boolean staleIsLeaving(long number) {
        var now = around.clock().instant();
        return links.values().stream()
                .filter(link -> number(link) < number)
                .map(PodLink::leavingSince)
                .anyMatch(since -> since != null && Duration.between(since, now).compareTo(LEAVING) < 0);
    }

    /** Pods that run, whether they take traffic, start or stop. */
    int runningCount() {
        return (int) links.values().stream()
                .filter(link -> link.view().startedAt() != null || link.view().terminating())
                .count();
    }

    boolean anyTerminating() {
        return links.values().stream().anyMatch(link -> link.view().terminating());
    }

    /**
     * The addresses of the pods that have a peer id: those whose process was seen to have it, and those that the content
     * had before, which an operator that has just started believes.
     */
    SortedMap<Integer, String> peers(SortedMap<Integer, String> before) {
        var peers = new TreeMap<Integer, String>();
        for (var link : links.values()) {
            var id = link.peer().number(link.view());
            var ip = link.view().ip();
            if (ip != null && (link.peer().confirmed(link.view()).isPresent() || ip.equals(before.get(id)))) {
                peers.put(id, ip);
            }
        }
        return peers;
    }

    /** An id that no pod has; it follows from the pod's UID, so that two operators would give the same. */
    int freePeerId(PodView pod, int largest, SortedMap<Integer, String> inContent) {
        var taken = new HashSet<>(inContent.keySet());
        links.values().forEach(link -> taken.add(link.peer().number(link.view())));
        var id = Math.floorMod(pod.uid().hashCode(), largest) + 1;
        while (taken.contains(id)) {
            id = id % largest + 1;
        }
        return id;
    }

    /** The versions of the program that the pods run, as far as they told. */
    SortedSet<String> versions() {
        return links.values().stream()
                .flatMap(link -> Stream.ofNullable(link.version()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Ready pods that serve the content, and another certificate than the one that they were given. */
    int otherCertificateCount(PoolerTls tls) {
        var served = tls.served();
        return served == null || !tls.offered()
                ? 0
                : (int) ready().filter(PodLink::isCurrent)
                        .filter(link -> !served.fingerprint().equals(link.certificate()))
                        .count();
    }

    /** The revision that every pod that runs was proven to serve; empty when they differ or there is none. */
    Optional<String> served() {
        var revisions = links.values().stream()
                .filter(link -> link.view().reachable())
                .map(link -> Optional.ofNullable(link.current()))
                .collect(Collectors.toSet());
        return revisions.size() == 1 ? revisions.iterator().next() : Optional.empty();
    }

    int readyCount() {
        return (int) ready().count();
    }

    /** Ready pods that do not serve what is wanted. */
    int behindCount() {
        return (int) ready().filter(link -> !link.isCurrent()).count();
    }

    /** Those of them that have been behind for longer than a delivery takes. */
    int lateCount() {
        return (int) ready().filter(this::late).count();
    }

    private Stream<PodLink> ready() {
        return links.values().stream()
                .filter(link -> link.view().ready() && !link.view().terminating());
    }

    /**
     * Takes pods out of traffic that can't be brought up to date: never more than half of them, and only while another
     * one that is up to date takes traffic.
     */
    void switchTraffic() {
        var running =
                links.values().stream().filter(link -> link.view().reachable()).toList();
        var off = running.stream().filter(PodLink::isLeavingTraffic).count();
        for (var link : running) {
            if (link.isLeavingTraffic()) {
                if (link.isCurrent()) {
                    link.traffic(true);
                }
            } else if (hopeless(link) && (off + 1) * 2 <= running.size() && anotherServes(running, link)) {
                link.traffic(false);
                off++;
            }
        }
    }

    private boolean anotherServes(List<PodLink> running, PodLink except) {
        return running.stream()
                .anyMatch(link -> link != except && link.view().ready() && !link.isLeavingTraffic() && !hopeless(link));
    }

    private boolean hopeless(PodLink link) {
        var staleJoiner = !link.view().ready()
                && link.behind().compareTo(Duration.ofSeconds(1)) > 0
                && link.age().compareTo(STALE_JOINER) > 0;
        return late(link) || staleJoiner;
    }

    private boolean late(PodLink link) {
        return link.behind().compareTo(around.settings().patience()) > 0;
    }
}
