package io.tenantpool.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tenantpool.testing.PoolerFixture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Sees how many pooler pods leave at a time. */
final class LeavingPods implements ResourceEventHandler<Pod>, AutoCloseable {
    private final Set<String> leaving = new HashSet<>();
    private final SharedIndexInformer<Pod> informer;
    private int mostAtOnce;
    private final List<Long> told = new ArrayList<>();

    private LeavingPods(PoolerFixture pooler) {
        informer = pooler.client().pods().inNamespace(pooler.namespace()).inform(this);
    }

    static LeavingPods of(PoolerFixture pooler) {
        return new LeavingPods(pooler);
    }

    synchronized int mostAtOnce() {
        return mostAtOnce;
    }

    /** Milliseconds between one pod that was told to stop and the next. */
    synchronized List<Long> apart() {
        return IntStream.range(1, told.size())
                .mapToObj(i -> TimeUnit.NANOSECONDS.toMillis(told.get(i) - told.get(i - 1)))
                .toList();
    }

    @Override
    public synchronized void onAdd(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null
                && leaving.add(pod.getMetadata().getUid())) {
            told.add(System.nanoTime());
            mostAtOnce = Math.max(mostAtOnce, leaving.size());
        }
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        onAdd(pod);
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean finalStateUnknown) {
        leaving.remove(pod.getMetadata().getUid());
    }

    @Override
    public void close() {
        informer.close();
    }
}
