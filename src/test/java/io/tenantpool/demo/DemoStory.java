package io.tenantpool.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.tenantpool.api.v1alpha1.ConditionType;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the demo shows, in order; every sentence that it prints was checked before. */
final class DemoStory {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REPLICAS = 2;
    private static final int CLIENTS = 8;

    private final Narrator narrator;
    private final DemoWorld world;
    private final DemoTenant acme;
    private final DemoTenant globex;
    private long acmeMillis;
    private long globexMillis;
    private long loadQueries;
    private int lost;

    DemoStory(Narrator narrator, DemoWorld world) {
        this.narrator = narrator;
        this.world = world;
        this.acme = DemoTenant.read(world.api(), DemoWorld.sample("tenant-acme.yaml"));
        this.globex = DemoTenant.read(world.api(), DemoWorld.sample("tenant-globex.yaml"));
    }

    void tell() {
        narrator.chapter("A PoolerCluster: the poolers that all tenants share");
        Waiting.until(
                PATIENCE,
                "two ready poolers",
                () -> world.readyPods().size() == REPLICAS,
                () -> pods() + " are ready " + world.node().failures());
        for (Pod pod : world.readyPods()) {
            narrator.say(
                    "pooler %s is ready at %s",
                    pod.getMetadata().getName(), pod.getStatus().getPodIP());
        }
        narrator.chapter("A first tenant: " + acme.name());
        acmeMillis = create(acme);
        Service service = world.service();
        try (DemoClients clients = new DemoClients(acme, address(service), port(), CLIENTS)) {
            narrator.chapter(
                    "A second tenant while " + CLIENTS + " clients of " + acme.name() + " query without pause");
            Waiting.until(PATIENCE, "load", () -> clients.queries() > 200, clients::lastFailure);
            globexMillis = create(globex);
            underLoad(clients);
            narrator.chapter("A pooler is killed in the middle");
            killOne(clients);
        }
    }

    private long create(DemoTenant tenant) {
        world.postgres().createDatabase(tenant.database(), tenant.role(), tenant.password());
        narrator.say("database %s and role %s created in PostgreSQL", tenant.database(), tenant.role());
        Instant applied = Instant.now();
        tenant.apply();
        narrator.say("Tenant %s/%s applied", tenant.namespace(), tenant.name());
        until(tenant, ConditionType.Programmed);
        narrator.say("Programmed %d/%d after %d ms", pods(), REPLICAS, millis(applied));
        until(tenant, ConditionType.Ready);
        long ready = millis(applied);
        for (Pod pod : world.readyPods()) {
            login(tenant, pod.getStatus().getPodIP(), "pod " + pod.getMetadata().getName());
        }
        login(tenant, address(world.service()), "the published address");
        narrator.say("Ready after %d ms", ready);
        return ready;
    }

    private void until(DemoTenant tenant, ConditionType type) {
        Waiting.until(PATIENCE, "Tenant " + tenant.name() + " " + type, () -> tenant.is(type), tenant::story);
    }

    private void login(DemoTenant tenant, String host, String through) {
        try {
            Instant start = Instant.now();
            String who = tenant.login(host, port());
            narrator.detail("login through %-44s %3d ms  %s", through, millis(start), who);
        } catch (SQLException e) {
            throw new DemoFailure("Tenant " + tenant.name() + " is Ready, but a login through " + through + " failed: "
                    + e.getMessage());
        }
    }

    private void underLoad(DemoClients clients) {
        long before = clients.queries();
        Waiting.until(PATIENCE, "more load", () -> clients.queries() > before + 500, clients::lastFailure);
        loadQueries = clients.queries();
        if (clients.failures() > 0) {
            throw new DemoFailure(clients.failures() + " queries of " + acme.name() + " failed while " + globex.name()
                    + " was created: " + clients.lastFailure());
        }
        narrator.say("%s: %d queries meanwhile, 0 failed", acme.name(), loadQueries);
    }

    private void killOne(DemoClients clients) {
        Pod victim = world.readyPods().get(0);
        String name = victim.getMetadata().getName();
        Instant killed = Instant.now();
        world.node().killProcess(name);
        narrator.say("%s killed (SIGKILL)", name);
        boolean[] alwaysReady = {true};
        Waiting.until(
                PATIENCE,
                "pooler " + name + " ready again",
                () -> {
                    alwaysReady[0] &= acme.is(ConditionType.Ready) && globex.is(ConditionType.Ready);
                    return restarted(name) && world.readyPods().size() == REPLICAS;
                },
                () -> world.readyPods().size() + " pods are ready");
        double calm = clients.secondsSinceLastFailure();
        lost = clients.lostConnections();
        narrator.say(
                "of %d clients %d lost their connection and %d logins were refused, all within %.1f s",
                clients.size(), lost, clients.refusedLogins(), Math.max(0.1, Narrator.seconds(killed) - calm));
        narrator.say("%s is back after %.1f s", name, Narrator.seconds(killed));
        if (!alwaysReady[0]) {
            throw new DemoFailure("a Tenant lost Ready because of a pooler that died: " + acme.story());
        }
        for (DemoTenant tenant : List.of(acme, globex)) {
            login(tenant, ip(name), "the pod that is back");
        }
        if (calm < 1) {
            throw new DemoFailure("clients still fail " + clients.lastFailure());
        }
        narrator.say("both Tenants stayed Ready all the time");
    }

    private boolean restarted(String name) {
        return world.node().pods().stream()
                .filter(pod -> name.equals(pod.getMetadata().getName()))
                .anyMatch(pod -> pod.getStatus().getContainerStatuses().get(0).getRestartCount() > 0);
    }

    private String ip(String name) {
        return world.node().pods().stream()
                .filter(pod -> name.equals(pod.getMetadata().getName()))
                .map(pod -> pod.getStatus().getPodIP())
                .findFirst()
                .orElseThrow(() -> new DemoFailure("pod " + name + " is gone"));
    }

    private int pods() {
        return world.readyPods().size();
    }

    private static String address(Service service) {
        return service.getSpec().getClusterIP();
    }

    private int port() {
        return world.service().getSpec().getPorts().get(0).getPort();
    }

    private static long millis(Instant since) {
        return Duration.between(since, Instant.now()).toMillis();
    }

    /** What an application would get, and the same for this machine, which has no cluster DNS. */
    void printConnectionStrings() {
        narrator.chapter("Connection strings, from the Secret that each Tenant's status.binding names");
        for (DemoTenant tenant : List.of(acme, globex)) {
            Map<String, String> binding = tenant.binding();
            String uri = Optional.ofNullable(binding.get("uri"))
                    .orElseThrow(() -> new DemoFailure("the binding Secret of " + tenant.name() + " has no uri"));
            String host = Optional.ofNullable(binding.get("host")).orElse("");
            narrator.line("  " + String.format(Locale.ROOT, "%-8s", tenant.name()) + uri);
            if (!host.isEmpty()) {
                // By an address, which no certificate names; an application verifies with ca.crt of the same Secret.
                String here = uri.replace(host, address(world.service())).replace("verify-full", "require");
                narrator.line("    from this machine: psql '" + here + "'");
            }
        }
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "OK in %.0f s: %s Ready after %d ms, %s after %d ms under load (%d queries, 0 failed),"
                        + " a killed pooler cost %d of %d clients their connection and no Tenant its Ready.",
                narrator.elapsed(),
                acme.name(),
                acmeMillis,
                globex.name(),
                globexMillis,
                loadQueries,
                lost,
                CLIENTS);
    }
}
