package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds the connections that the tenants of a PoolerCluster have against those that its status says are promised. */
public final class CommitmentWatch implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {
    /** A promise and what a pod makes of it are not told at the same moment. */
    private static final long LAG = Duration.ofSeconds(2).toNanos();

    private final Queue<Promise> promises = new ConcurrentLinkedQueue<>();
    private final ConnectionSampler sampler;
    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private final long start = System.nanoTime();

    // The informer tells of nothing before the queue above exists, and the queue is all that a handler touches.
    @SuppressWarnings("this-escape")
    private CommitmentWatch(PoolerFixture pooler) throws SQLException {
        promises.add(new Promise(start, committed(pooler.poolerCluster().require())));
        informer = pooler.poolerCluster().inform(this);
        sampler = ConnectionSampler.start(
                pooler.cluster().postgres(), pooler.tenants().rolePrefix());
    }

    private record Promise(long since, int committed) {}

    /** Starts to look. */
    public static CommitmentWatch start(PoolerFixture pooler) throws SQLException {
        return new CommitmentWatch(pooler);
    }

    /** What the status says is promised on the only upstream; 0 before it says anything. */
    public static int committed(GenericKubernetesResource poolerCluster) {
        @Nullable List<Map<String, Object>> budget = poolerCluster.get("status", "budget");
        return budget != null && !budget.isEmpty() && budget.get(0).get("committed") instanceof Number committed
                ? committed.intValue()
                : 0;
    }

    @Override
    public void onAdd(GenericKubernetesResource poolerCluster) {
        promises.add(new Promise(System.nanoTime(), committed(poolerCluster)));
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource poolerCluster) {
        onAdd(poolerCluster);
    }

    @Override
    public void onDelete(GenericKubernetesResource poolerCluster, boolean finalStateUnknown) {
        // What was seen stays seen.
    }

    /** Everything that was seen so far, the oldest first. */
    public List<ConnectionSampler.Sample> samples() {
        return sampler.samples();
    }

    /** The most connections so far. */
    public int peak() {
        return sampler.peak();
    }

    /** Each look that saw more than was promised. */
    public List<String> excesses() {
        List<Promise> told = List.copyOf(promises);
        return samples().stream()
                .filter(sample -> sample.total() > promised(told, sample.nanos()))
                .map(sample -> "after %d ms: %s, and %d are promised"
                        .formatted(
                                TimeUnit.NANOSECONDS.toMillis(sample.nanos() - start),
                                sample.byRole(),
                                promised(told, sample.nanos())))
                .toList();
    }

    /** The most that was promised at that time. */
    private static int promised(List<Promise> told, long nanos) {
        int most = 0;
        for (int i = 0; i < told.size(); i++) {
            boolean begun = told.get(i).since() - LAG <= nanos;
            boolean over = i + 1 < told.size() && told.get(i + 1).since() + LAG < nanos;
            if (begun && !over) {
                most = Math.max(most, told.get(i).committed());
            }
        }
        return most;
    }

    @Override
    public void close() throws SQLException {
        informer.close();
        sampler.close();
    }
}
