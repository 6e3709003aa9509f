package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Which peer id each pooler pod has, from its first event to its last. */
public final class PeerIdLog implements ResourceEventHandler<Pod>, AutoCloseable {
    private static final String ANNOTATION = "tenantpool.io/peer";

    private final Map<String, String> ids = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final SharedIndexInformer<Pod> informer;

    // The informer tells of nothing before the fields above exist, and they are all that a handler touches.
    @SuppressWarnings("this-escape")
    private PeerIdLog(PoolerFixture pooler) {
        informer = pooler.client().pods().inNamespace(pooler.namespace()).inform(this);
    }

    /** Starts to look. */
    public static PeerIdLog of(PoolerFixture pooler) {
        return new PeerIdLog(pooler);
    }

    /** Pods whose id changed, which took traffic without one, or which had another's. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** How many pods had one at any time. */
    public int pods() {
        return ids.size();
    }

    @Override
    public void onAdd(Pod pod) {
        String name = pod.getMetadata().getName();
        String id = id(pod);
        String before = ids.get(name);
        if (before == null && id == null && PoolerFixture.isReady(pod)) {
            faults.add(name + " is ready without an id");
        }
        if (before != null && !before.equals(id)) {
            faults.add(name + " had " + before + " and then " + id);
        }
        if (before == null && id != null) {
            ids.forEach((other, taken) -> {
                if (taken.equals(id)) {
                    faults.add(name + " has the id of " + other + ": " + id);
                }
            });
            ids.put(name, id);
        }
    }

    private static @Nullable String id(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(ANNOTATION);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        onAdd(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        // Another pod must not get its id for as long as somebody may remember it, and the ids are many.
    }

    @Override
    public void close() {
        informer.close();
    }
}
