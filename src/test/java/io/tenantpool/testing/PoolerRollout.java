package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A change of the pods' template, which replaces one pod after another. */
public final class PoolerRollout {
    private static final String ANNOTATION = "example.com/rollout";

    private PoolerRollout() {}

    /** Begins one that changes nothing but an annotation, and does not wait for it. */
    public static void begin(PoolerFixture pooler, String number) {
        pooler.patch("{\"spec\":{\"pod\":{\"annotations\":{\"" + ANNOTATION + "\":\"" + number + "\"}}}}");
    }

    /** Waits until there are so many pods and each was made by the rollout of this number. */
    public static void await(PoolerFixture pooler, String number, int pods) {
        awaitEachPod(pooler, "rollout " + number, pods, pod -> isOf(pod, number));
    }

    /** Whether the pod was made by the rollout of this number. */
    public static boolean isOf(Pod pod, String number) {
        return pod.getMetadata().getAnnotations() != null
                && number.equals(pod.getMetadata().getAnnotations().get(ANNOTATION));
    }

    /** Waits until there are so many pods that take traffic and each is one of the new. */
    public static void awaitEachPod(PoolerFixture pooler, String rollout, int pods, Predicate<Pod> isNew) {
        Awaitility.await(rollout)
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    List<Pod> live = pooler.pods();
                    return live.size() == pods
                            && live.stream().allMatch(isNew)
                            && pooler.addressesInTraffic().size() == pods;
                });
    }
}
