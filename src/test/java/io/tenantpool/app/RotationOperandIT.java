package io.tenantpool.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tenantpool.testing.LoginLoad;
import io.tenantpool.testing.PoolerLogin;
import io.tenantpool.testing.RotationStage;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Passwords change while clients log in all the time. */
class RotationOperandIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int CLIENTS = 3;

    @Test
    void two_roles_take_turns_and_no_login_fails() throws Exception {
        try (var stage = new RotationStage("acme", "password of a")) {
            stage.postgres().createRole("acme_b", "password of b");
            stage.postgres().execute("GRANT CONNECT ON DATABASE acme TO acme_b");
            PoolerLogin before = stage.login("acme", "password of a");
            try (var slow = LoginLoad.start(CLIENTS, () -> before);
                    var quick = LoginLoad.start(CLIENTS, () -> stage.published().orElse(before))) {
                stage.credentials("acme_b", "password of b");
                stage.users("acme_b", "acme");
                stage.awaitBinding("acme_b", "password of b");
                int atSwitch = quick.logins();
                await("logins of the new role").atMost(SOON).until(() -> quick.logins() > atSwitch + 100);
                slow.close(); // its applications were restarted

                stage.users("acme_b");
                await("the old role is refused").atMost(SOON).until(() -> before.refusal()
                        .isPresent());
                stage.postgres().execute("ALTER ROLE acme NOLOGIN");
                int atEnd = quick.logins();
                await("logins afterwards").atMost(SOON).until(() -> quick.logins() > atEnd + 100);
                quick.close();

                System.out.printf(
                        "rotation by two roles: %d logins of clients that follow the binding, %d of clients that keep"
                                + " the old role, %d failed%n",
                        quick.logins(),
                        slow.logins(),
                        quick.failures().size() + slow.failures().size());
                assertThat(slow.failures()).isEmpty();
                assertThat(quick.failures()).isEmpty();
            }
        }
    }

    @Test
    void a_new_password_is_served_when_postgresql_knows_it_and_not_before() throws Exception {
        try (var stage = new RotationStage("shop", "first");
                var load = LoginLoad.start(1, () -> stage.published().orElseThrow())) {
            stage.credentials("shop", "second");
            await("the Tenant says so").atMost(SOON).until(() -> stage.condition("Accepted")
                    .filter(accepted -> "PasswordRejected".equals(accepted.getReason()))
                    .isPresent());
            assertThat(stage.published()).hasValue(stage.login("shop", "first"));
            assertThat(stage.login("shop", "second").refusal()).isPresent();
            int known = load.logins();
            await("the first one goes on").atMost(SOON).until(() -> load.logins() > known + 50);
            int failedBefore = load.failures().size();

            long start = System.nanoTime();
            stage.postgres().createRole("shop", "second");
            stage.awaitBinding("shop", "second");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            load.close();

            System.out.printf(
                    "rotation of one role, Secret first: %d ms from ALTER ROLE to the binding; %d logins, %d failed while"
                            + " the password was unknown, %d while it changed%n",
                    took.toMillis(),
                    load.logins(),
                    failedBefore,
                    load.failures().size() - failedBefore);
            assertThat(failedBefore).isZero();
            assertThat(took).isLessThan(Duration.ofSeconds(4));
            assertThat(stage.condition("Accepted").orElseThrow().getStatus()).isEqualTo("True");
        }
    }

    @Test
    void a_password_that_nobody_knows_is_never_ready_even_when_pools_are_warm() throws Exception {
        try (var stage = new RotationStage("warm", "right");
                var client = stage.login("warm", "right").open();
                var statement = client.createStatement()) {
            statement.execute("SELECT 1"); // leaves an idle server connection behind, which would serve any login
            var proven = stage.status().orElseThrow().proven();

            stage.credentials("warm", "wrong");

            await().atMost(SOON).until(() -> stage.condition("Accepted")
                    .filter(accepted -> "PasswordRejected".equals(accepted.getReason()))
                    .isPresent());
            await("it stays so")
                    .during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(7))
                    .until(() -> Objects.equals(stage.status().orElseThrow().proven(), proven));
            statement.execute("SELECT 1");
            assertThat(stage.login("warm", "right").refusal()).isEmpty();
            assertThat(stage.login("warm", "wrong").refusal()).isPresent();
            assertThat(stage.published()).hasValue(stage.login("warm", "right"));

            stage.credentials("warm", "right");
            await().atMost(SOON).until(() -> stage.condition("Accepted")
                    .filter(accepted -> "True".equals(accepted.getStatus()))
                    .isPresent());
        }
    }
}
