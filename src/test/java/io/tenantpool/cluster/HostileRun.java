package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.PoolerStages;
import io.tenantpool.testing.ReadyWatch;
import io.tenantpool.testing.TenantNamespace;
import io.tenantpool.testing.TestTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** 95 tenants and {@link HostileTenants} on one PoolerCluster with two pods, and what the 95 notice of them. */
final class HostileRun implements AutoCloseable {
    private static final int GOOD = 95;
    private static final int PORT = 6432;
    private static final int PODS = 2;

    private final PoolerStage stage;
    private final List<TestTenant> good;
    private final HostileTenants hostile;

    HostileRun(PoolerStages stages) {
        stage = stages.empty("main");
        stage.create(MANIFEST.replace("${blackhole}", HostileTenants.BLACK_HOLE));
        stage.door("transaction").awaitPods(PODS);
        good = stage.tenants().named("good", GOOD);
        stage.tenants().prepare(good);
        hostile = new HostileTenants(stage, address());
    }

    /** Creates the good ones. */
    void everybodyGoodComes() {
        stage.tenants().applyAtOnce(good);
        stage.tenants().awaitReady(good);
    }

    /** Lets the hostile ones begin. */
    void hostilitiesBegin() {
        hostile.start();
    }

    /** Logs all the good ones in; what was refused, if anything. */
    List<String> refusals() {
        return refusals(address());
    }

    private List<String> refusals(String address) {
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        TenantNamespace.inParallel(
                good, tenant -> PoolerLogin.of(address, PORT, tenant).refusal().ifPresent(refused::add));
        return List.copyOf(refused);
    }

    /** Deletes a pod and waits for the one that takes its place; what that one refused, if anything. */
    List<String> refusalsOfAFreshPod() {
        Set<String> before = names();
        stage.client().pods().resource(stage.door("transaction").pods().get(0)).delete();
        await("a fresh pod is ready").atMost(PoolerStage.PATIENCE).until(() -> fresh(before)
                .isPresent());
        stage.door("transaction").awaitPods(PODS);
        String address = fresh(before).orElseThrow().getStatus().getPodIP();
        // Ready is a pod that listens; which one of the two takes traffic is not of interest here, but what it knows.
        await("the fresh pod serves").atMost(PoolerStage.PATIENCE).until(() -> refusals(address)
                .isEmpty());
        return refusals(address);
    }

    private Optional<Pod> fresh(Set<String> before) {
        return stage.door("transaction").pods().stream()
                .filter(pod -> !before.contains(pod.getMetadata().getName()))
                .filter(pod -> pod.getStatus().getPodIP() != null)
                .findFirst();
    }

    private Set<String> names() {
        return stage.door("transaction").pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    /** Creates so many more, one after another with a random pause of up to a second, and logs each in. */
    Latencies create(String prefix, int count) throws Exception {
        List<TestTenant> fresh = stage.tenants().named(prefix, count);
        stage.tenants().prepare(fresh);
        List<Long> millis = new ArrayList<>();
        Random arrival = new Random(1);
        try (ReadyWatch watch = stage.tenants().watch()) {
            for (TestTenant tenant : fresh) {
                long start = System.nanoTime();
                stage.apply(tenant);
                long seen = watch.ready(tenant.name(), 1).get(3, TimeUnit.MINUTES);
                millis.add(TimeUnit.NANOSECONDS.toMillis(seen - start));
                assertThat(PoolerLogin.of(address(), PORT, tenant).refusal()).isEmpty();
                // The kubelet looks at a changed pod once a second; see CreateToReadyBenchmark.
                Thread.sleep(arrival.nextInt(1_000));
            }
        }
        return new Latencies(millis);
    }

    /** All the good ones are Ready still, and of the hostile ones is said what they are. */
    void expectOrder() {
        stage.tenants().awaitReady(good);
        hostile.expectTheirFate();
    }

    /** What the hostile ones did, in one line. */
    String counts() {
        return hostile.counts();
    }

    private String address() {
        return stage.door("transaction").service().orElseThrow().getSpec().getClusterIP();
    }

    @Override
    public void close() {
        hostile.close();
    }

    private static final String MANIFEST = """
            apiVersion: tenantpool.io/v1alpha1
            kind: PoolerCluster
            metadata: {name: main, namespace: poolers}
            spec:
              image: pgbouncer:1.26.1
              upstreams:
              - name: default
                type: Static
                static: {endpoints: [{host: postgres.db.svc.cluster.local, port: 5432}]}
                tls: {mode: Disable}
                connections: {reserved: 20}
            ${blackhole}  listeners:
              - {name: transaction, poolMode: Transaction, port: 6432, replicas: 2, terminationGracePeriodSeconds: 10}
              allowedTenants: {namespaces: {from: All}}
            """;
}
