package io.tenantpool.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.tenantpool.testing.PoolerFixture;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.PoolerRollout;
import io.tenantpool.testing.TestTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionRolloutClusterIT {
    private static final int PODS = 2;
    private static final int GRACE = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @RegisterExtension
    static final PoolerFixture POOLER = PoolerFixture.withReplicas(PODS).forSessions(GRACE);

    @Test
    void aTransactionOfTenSecondsEndsOnAPodThatIsRolledAwayAndASessionHasTheWholeGrace() {
        TestTenant tenant = POOLER.tenants().ready("sitting");
        List<Pod> old = POOLER.pods();
        List<CompletableFuture<String>> transactions = old.stream()
                .map(pod -> CompletableFuture.supplyAsync(() -> transaction(tenant, pod)))
                .toList();
        List<CompletableFuture<Duration>> sessions = old.stream()
                .map(pod -> CompletableFuture.supplyAsync(() -> unusedGrace(tenant, pod)))
                .toList();
        await("both sit on each pod").atMost(PATIENCE).until(() -> sessionsOf(tenant) == 2 * PODS);

        PoolerRollout.begin(POOLER, "sitting");
        PoolerRollout.await(POOLER, "sitting", PODS);

        assertThat(transactions).allSatisfy(end -> assertThat(end.join()).isEqualTo("committed"));
        assertThat(sessions).allSatisfy(end -> assertThat(end.join()).isLessThan(Duration.ofSeconds(3)));
        assertThat(POOLER.refusals(tenant)).isEmpty();
    }

    /** Begins a transaction of ten seconds on a pod when the pod has been told to stop. */
    private static String transaction(TestTenant tenant, Pod pod) {
        try (Connection connection = login(tenant, pod).open();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            end(pod);
            statement.execute("BEGIN");
            statement.execute("SELECT pg_sleep(10)");
            statement.execute("COMMIT");
            return "committed";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Stays on a pod until it is cut off, and tells how much of the grace was left then. */
    private static Duration unusedGrace(TestTenant tenant, Pod pod) {
        Instant lastAnswer = Instant.now();
        Instant end = Instant.MAX;
        try (Connection connection = login(tenant, pod).open();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            end = end(pod);
            while (Instant.now().isBefore(end.plusSeconds(GRACE))) {
                statement.execute("SELECT pg_sleep(0.2)");
                lastAnswer = Instant.now();
            }
        } catch (SQLException e) {
            return Duration.between(lastAnswer, end);
        }
        return Duration.between(lastAnswer, end);
    }

    /** When the pod's grace is over, as soon as it has been told to stop. */
    private static Instant end(Pod pod) {
        return Instant.parse(Objects.requireNonNull(await("the pod is told to stop")
                .atMost(PATIENCE)
                .until(
                        () -> Stream.ofNullable(POOLER.client().resource(pod).get())
                                .flatMap(live ->
                                        Stream.ofNullable(live.getMetadata().getDeletionTimestamp()))
                                .findFirst(),
                        Optional::isPresent)
                .orElse(null)));
    }

    private static PoolerLogin login(TestTenant tenant, Pod pod) {
        return PoolerLogin.of(pod.getStatus().getPodIP(), PoolerFixture.PORT, tenant);
    }

    private static int sessionsOf(TestTenant tenant) throws SQLException {
        try (Connection superuser = POOLER.cluster().postgres().superuser("postgres");
                Statement statement = superuser.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + tenant.role() + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
