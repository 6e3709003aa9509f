package io.tenantpool.observe;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolerId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How full the doors of a PoolerCluster are, as docs/health.md describes it. A door spans all cells.
 *
 * @param at when the pod that was asked first was asked
 * @param doors by the listener's name
 */
public record PoolsReport(String poolerCluster, String at, SortedMap<String, Door> doors) {

    /** What is known of one pooler. */
    public record Pooler(PoolerId id, List<PoolShare> shares, PoolReading reading) {}

    /** All tenants of a door together. */
    public record Door(
            int size,
            int checkedOut,
            double utilization,
            int waiting,
            double maxWaitSeconds,
            Level level,
            Pods pods,
            @Nullable Pod fullestPod,
            SortedMap<String, TenantPool> tenants) {}

    /**
     * The pods that the numbers are from.
     *
     * @param asked that run and do not shut down
     * @param read that answered
     */
    public record Pods(int asked, int read) {}

    /** One pod: of all tenants of a door, or of one. */
    public record Pod(String name, int size, int checkedOut, double utilization, int waiting) {
        static Pod of(String name, Filling filling) {
            return new Pod(
                    name,
                    filling.size(),
                    filling.usage().active(),
                    filling.utilization(),
                    filling.usage().waiting());
        }

        static @Nullable Pod fullest(Collection<Pod> pods) {
            return pods.stream()
                    .max(Comparator.comparingDouble(Pod::utilization)
                            .thenComparing(Pod::waiting)
                            .thenComparing(Comparator.comparing(Pod::name).reversed()))
                    .orElse(null);
        }
    }

    /** One tenant's pool behind a door. */
    public record TenantPool(
            String poolName,
            int size,
            int checkedOut,
            double utilization,
            int waiting,
            double maxWaitSeconds,
            Level level,
            @Nullable Pod fullestPod) {}

    public static PoolsReport of(String poolerCluster, Collection<Pooler> poolers) {
        var doors = new TreeMap<String, List<Pooler>>();
        for (var pooler : poolers) {
            doors.computeIfAbsent(pooler.id().listener(), name -> new ArrayList<>())
                    .add(pooler);
        }
        var reports = new TreeMap<String, Door>();
        doors.forEach((name, cells) -> reports.put(name, door(cells)));
        var first = poolers.stream()
                .map(pooler -> pooler.reading().at())
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return new PoolsReport(
                poolerCluster, first.truncatedTo(ChronoUnit.MILLIS).toString(), reports);
    }

    /** Whether any pod answered. */
    boolean saysAnything() {
        return doors.values().stream().anyMatch(door -> door.pods().read() > 0);
    }

    private static Door door(List<Pooler> cells) {
        var total = Filling.NONE;
        var asked = 0;
        var pods = new ArrayList<Pod>();
        for (var cell : cells) {
            asked += cell.reading().podsAsked();
            for (var pod : cell.reading().pods().keySet()) {
                var filling = filling(cell, pod);
                total = total.plus(filling);
                pods.add(Pod.of(pod, filling));
            }
        }
        var fullest = Pod.fullest(pods);
        return new Door(
                total.size(),
                total.usage().active(),
                total.utilization(),
                total.usage().waiting(),
                total.maxWaitSeconds(),
                Level.of(total, fullest),
                new Pods(asked, pods.size()),
                fullest,
                tenants(cells));
    }

    private static SortedMap<String, TenantPool> tenants(List<Pooler> cells) {
        var tenants = new TreeMap<String, Tenant>();
        for (var cell : cells) {
            for (var share : cell.shares()) {
                var name = share.tenant().namespace() + "/" + share.tenant().name();
                tenants.computeIfAbsent(name, key -> new Tenant(share.poolName()))
                        .add(share, cell.reading());
            }
        }
        var pools = new TreeMap<String, TenantPool>();
        tenants.forEach((name, tenant) -> pools.put(name, tenant.report()));
        return pools;
    }

    /** All tenants of a pod together. */
    private static Filling filling(Pooler cell, String pod) {
        return cell.shares().stream()
                .map(share -> new Filling(share.share(), cell.reading().usage(pod, share.poolName())))
                .reduce(Filling.NONE, Filling::plus);
    }

    /** A tenant is in one cell, or in two while it moves. */
    private static final class Tenant {
        private final String poolName;
        private final List<Pod> fullest = new ArrayList<>();
        private Filling total = Filling.NONE;

        Tenant(String poolName) {
            this.poolName = poolName;
        }

        void add(PoolShare share, PoolReading reading) {
            total = total.plus(new Filling(share.share() * reading.podsRead(), reading.sum(share.poolName())));
            reading.fullest(share.poolName())
                    .map(pod -> Pod.of(pod, new Filling(share.share(), reading.usage(pod, share.poolName()))))
                    .ifPresent(fullest::add);
        }

        TenantPool report() {
            var pod = Pod.fullest(fullest);
            return new TenantPool(
                    poolName,
                    total.size(),
                    total.usage().active(),
                    total.utilization(),
                    total.usage().waiting(),
                    total.maxWaitSeconds(),
                    Level.of(total, pod),
                    pod);
        }
    }
}
