package io.tenantpool.upstream;

import static io.tenantpool.upstream.SharedVertx.VERTX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.model.Secret;
import io.tenantpool.testing.EmbeddedPostgresServer;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.OperandTier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a real PostgreSQL while it stops, starts and changes. */
class LiveLimitsOperandIT {
    private static final UpstreamKey KEY = new UpstreamKey("uid-main", "poolers", "main", "default");
    private static final String PASSWORD = "right";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @SuppressWarnings("NullAway.Init")
    private EmbeddedPostgresServer postgres;

    private final ManualTimer timer = new ManualTimer();
    private final List<UpstreamKey> told = new CopyOnWriteArrayList<>();
    private final LiveLimits limits =
            new LiveLimits(new ServerQuery(VERTX, Duration.ofSeconds(3))::ask, timer, Given.CLOCK, told::add);

    @BeforeEach
    void aServer() {
        postgres = OperandTier.postgres(30, data);
        postgres.createRole("admin", PASSWORD);
    }

    @AfterEach
    void stop() {
        limits.close();
        postgres.close();
    }

    @Test
    void a_server_that_stops_keeps_its_limit_and_tells_another_one_after_its_start() {
        limits.want(KEY, server(PASSWORD));
        await().atMost(SOON).until(() -> max() == 30);
        assertThat(told).containsExactly(KEY);

        postgres.close();
        asksAgain();
        await().atMost(SOON).until(() -> limits.lastError(KEY).isPresent());
        assertThat(max()).isEqualTo(30);

        postgres.again(50, data);
        asksAgain();
        await().atMost(SOON).until(() -> max() == 50);
        assertThat(limits.lastError(KEY)).isEmpty();
        assertThat(told).hasSize(3);
    }

    @Test
    void a_password_that_is_changed_is_refused_and_then_replaced() {
        limits.want(KEY, server(PASSWORD));
        await().atMost(SOON).until(() -> max() == 30);
        postgres.createRole("admin", "changed");

        asksAgain();
        await().atMost(SOON).until(() -> limits.lastError(KEY).isPresent());
        assertThat(limits.lastError(KEY)).hasValueSatisfying(error -> assertThat(error)
                .contains("password authentication failed")
                .doesNotContain(PASSWORD));
        assertThat(max()).isEqualTo(30);

        limits.want(KEY, server("changed"));
        await().atMost(SOON).until(() -> limits.lastError(KEY).isEmpty());
    }

    private void asksAgain() {
        await().atMost(SOON).until(() -> !timer.delays().isEmpty());
        timer.fire();
    }

    private int max() {
        return limits.known(KEY).map(ServerSettings::maxConnections).orElse(0);
    }

    private Server server(String password) {
        return new Server(postgres.host(), postgres.port(), "admin", new Secret(password), Transport.PLAIN);
    }
}
