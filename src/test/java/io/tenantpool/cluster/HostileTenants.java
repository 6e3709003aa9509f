package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerStage;
import io.tenantpool.testing.TestTenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Five Tenants of one PoolerCluster that do their worst until they are closed: one whose server never answers and whose
 * clients log in all the same, one with a wrong password, one whose clients guess passwords as fast as they can, one
 * whose spec changes five times a second, and one as large as the schema lets it be.
 */
final class HostileTenants implements AutoCloseable {
    /** An upstream at an address that documentation has for itself (RFC 5737): whoever calls it is not answered. */
    static final String BLACK_HOLE = """
              - name: blackhole
                type: Static
                static: {endpoints: [{host: 198.51.100.7, port: 5432}]}
                tls: {mode: Disable}
                connections: {reserved: 0}
            """;

    private static final int CLIENTS_OF_EACH = 4;
    private static final int CHANGES_PER_SECOND = 5;
    private static final int USERS = 8;
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_PASSWORD = 1_000;

    private final PoolerStage stage;
    private final String door;
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final ScheduledExecutorService editor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong deadLogins = new AtomicLong();
    private final AtomicLong guesses = new AtomicLong();
    private final AtomicLong guessed = new AtomicLong();
    private final AtomicLong edits = new AtomicLong();
    private final AtomicLong failedEdits = new AtomicLong();
    private final TestTenant dead;
    private final TestTenant wrong;
    private final TestTenant storm;
    private final TestTenant churn;
    private final TestTenant large;

    /** @param door the address at which clients of the PoolerCluster's only listener log in, on port 6432 */
    HostileTenants(PoolerStage stage, String door) {
        this.stage = stage;
        this.door = door;
        this.dead = stage.tenants().named("dead");
        this.wrong = stage.tenants().named("wrong");
        this.storm = stage.tenants().named("storm");
        this.churn = stage.tenants().named("churn");
        this.large = largest();
    }

    /** Creates all five and lets their clients loose. */
    void start() {
        stage.tenants().createCredentials(dead);
        stage.tenants().apply(stage.tenants().manifest(dead).replace("upstream: default", "upstream: blackhole"));
        stage.cluster().postgres().createDatabaseAndRole(wrong.withPassword("another one"));
        stage.tenants().createCredentials(wrong);
        stage.apply(wrong);
        stage.tenants().prepare(List.of(storm, churn));
        stage.apply(storm);
        stage.apply(churn, "listeners: [{name: transaction, poolSize: 3}]");
        createLargest();
        for (int i = 0; i < CLIENTS_OF_EACH; i++) {
            clients.submit(() -> repeat(dead, deadLogins));
            clients.submit(() -> repeat(storm.withPassword("a guess"), guesses));
        }
        editor.scheduleAtFixedRate(this::edit, 0, 1_000 / CHANGES_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    private void repeat(TestTenant tenant, AtomicLong count) {
        while (!Thread.currentThread().isInterrupted()) {
            if (PoolerLogin.of(door, 6432, tenant).refusal().isEmpty()) {
                guessed.incrementAndGet();
            }
            count.incrementAndGet();
        }
    }

    private void edit() {
        try {
            stage.tenants().resize(churn, 3 + (int) (edits.incrementAndGet() % 2));
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again; how many failed is part of the report.
            failedEdits.incrementAndGet();
        }
    }

    private TestTenant largest() {
        String start = stage.tenants().named("large").database();
        String name = start + "x".repeat(LONGEST_NAME - start.length());
        return new TestTenant(
                stage.tenants().name(),
                "large" + "-x".repeat((LONGEST_NAME - "large".length()) / 2),
                name,
                name,
                "p".repeat(LONGEST_PASSWORD));
    }

    private void createLargest() {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            String role = large.role().substring(0, LONGEST_NAME - 1) + i;
            TestTenant user = new TestTenant(large.namespace(), large.name(), large.database(), role, large.password());
            stage.cluster().postgres().createRole(user);
            if (i == 0) {
                stage.cluster().postgres().createDatabase(user);
            }
            String secret = "s".repeat(LONGEST_NAME - 1) + i;
            stage.tenants().createCredentials(secret, Map.of("username", role, "password", large.password()));
            users.add("{name: " + "u".repeat(LONGEST_NAME - 1) + i + ", credentialsSecretRef: {name: " + secret + "}}");
        }
        stage.tenants()
                .apply(stage.tenants()
                        .manifest(large)
                        .replaceAll("(?m)^ *- \\{name: app,.*$", "  - " + String.join("\n  - ", users)));
    }

    /** What is said of the five is what they are, and none of their guesses was right. */
    void expectTheirFate() {
        await("the dead host is told").atMost(Duration.ofMinutes(1)).until(() -> isReady(dead, "False"));
        await("the wrong password is told").atMost(Duration.ofMinutes(1)).until(() -> isReady(wrong, "False"));
        stage.tenants().awaitReady(List.of(storm, large));
        assertThat(guessed).hasValue(0);
        assertThat(guesses.get()).isPositive();
        assertThat(deadLogins.get()).isPositive();
        assertThat(edits.get()).isPositive();
    }

    private boolean isReady(TestTenant tenant, String status) {
        return status.equals(stage.tenants().condition(tenant.name(), "Ready").status());
    }

    /** What they did so far, in one line. */
    String counts() {
        return "%d logins to a server that is dead, %d guessed passwords, %d changes of a spec (%d refused)"
                .formatted(deadLogins.get(), guesses.get(), edits.get(), failedEdits.get());
    }

    @Override
    public void close() {
        editor.shutdownNow();
        clients.shutdownNow();
    }
}
