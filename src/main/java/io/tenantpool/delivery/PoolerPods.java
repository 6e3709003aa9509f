package io.tenantpool.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods of one pooler: which of them count, which revision each serves, who gets traffic. Confined to the loop. */
final class PoolerPods {
    /** A pod that started within this time is about to take traffic: it becomes ready 3 s after its start. */
    private static final Duration JOINING = Duration.ofSeconds(15);

    /** A pod that is behind this long after its start would join with old content. */
    private static final Duration STALE_JOINER = Duration.ofMillis(2500);

    /** How long nodes may still send new clients to a pod that shuts down. */
    private static final Duration LEAVING = Duration.ofMillis(1500);

    private static final int REMEMBERED_REVISIONS = 200;

    private final PodLink.Surroundings around;
    private final Map<String, PodLink> links = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private long newest;

    PoolerPods(PodLink.Surroundings around) {
        this.around = around;
    }

    /** @return the number of the wanted revision; a later one has a higher number */
    long want(String revision, @Nullable String before) {
        if (!revision.equals(before)) {
            newest++;
            numbers.values().removeIf(number -> number < newest - REMEMBERED_REVISIONS);
            numbers.put(revision, newest);
        }
        return newest;
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
    }

    boolean knows(PodView pod) {
        return links.containsKey(pod.uid());
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
        return current == null ? 0 : numbers.getOrDefault(current, 0L);
    }

    /** The number that every pod that runs has reached. */
    long slowest() {
        return links.values().stream()
                .filter(link -> link.view().reachable())
                .mapToLong(this::number)
                .min()
                .orElse(newest);
    }

    /** Pods that take traffic or will in a moment; a tenant is ready when it works through all of them. */
    List<PodLink> counted() {
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

    /** Whether a pod that does not serve revision {@code number} may still get clients, though it shuts down. */
    boolean staleIsLeaving(long number) {
        var now = around.clock().instant();
        return links.values().stream()
                .filter(link -> number(link) < number)
                .map(PodLink::terminatingSince)
                .anyMatch(since -> since != null && Duration.between(since, now).compareTo(LEAVING) < 0);
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
     * Takes pods out of traffic that can't be brought up to date: never more than half, nor the last one that clients
     * reach; one that is not ready yet does not stand in for it.
     */
    void switchTraffic() {
        var now = around.clock().instant();
        var running =
                links.values().stream().filter(link -> link.view().reachable()).toList();
        var off = running.stream().filter(link -> !link.view().trafficOn()).count();
        var serving = running.stream().filter(PoolerPods::takesClients).count();
        for (var link : running) {
            var on = link.view().trafficOn();
            if (!on && link.isCurrent()) {
                link.traffic(true);
            } else if (on && hopeless(link, now) && (off + 1) * 2 <= running.size()) {
                if (takesClients(link)) {
                    if (serving == 1) {
                        continue;
                    }
                    serving--;
                }
                link.traffic(false);
                off++;
            }
        }
    }

    private static boolean takesClients(PodLink link) {
        return link.view().ready() && link.view().trafficOn();
    }

    private boolean hopeless(PodLink link, Instant now) {
        var staleJoiner = !link.view().ready()
                && link.behind().compareTo(Duration.ofSeconds(1)) > 0
                && age(link.view(), now).compareTo(STALE_JOINER) > 0;
        return late(link) || staleJoiner;
    }

    private boolean late(PodLink link) {
        return link.behind().compareTo(around.settings().patience()) > 0;
    }

    private static Duration age(PodView view, Instant now) {
        return view.startedAt() == null ? Duration.ZERO : Duration.between(view.startedAt(), now);
    }
}
