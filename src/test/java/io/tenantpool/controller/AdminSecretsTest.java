package io.tenantpool.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.Secret;
import io.tenantpool.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminSecretsTest {
    private static final AdminSecrets.Ref REF = new AdminSecrets.Ref("uid-main", "poolers", "pg-admin");

    private final SecretServer api = new SecretServer();
    private final SettableClock clock = new SettableClock();

    private final AdminSecrets secrets = new AdminSecrets(api.client(), clock);

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void user_and_password_are_read() {
        api.holds("admin", "p");

        var read = secrets.read(REF);

        assertThat(read.user()).isEqualTo("admin");
        assertThat(read.password()).isEqualTo(new Secret("p"));
        assertThat(read.trouble()).isNull();
    }

    @Test
    void a_secret_is_read_at_most_every_30_seconds() {
        api.holds("admin", "p");

        secrets.read(REF);
        clock.passes(Duration.ofSeconds(29));
        secrets.read(REF);
        assertThat(api.requests()).isEqualTo(1);

        clock.passes(Duration.ofSeconds(1));
        secrets.read(REF);
        assertThat(api.requests()).isEqualTo(2);
    }

    @Test
    void a_key_that_is_absent_or_empty_is_told() {
        api.holds("admin", "");

        assertThat(secrets.read(REF).trouble())
                .isEqualTo("Secret poolers/pg-admin has no 'password'; it needs the keys username and password (type"
                        + " kubernetes.io/basic-auth)");
    }

    @Test
    void a_line_end_in_the_password_is_told_and_the_password_not_shown() {
        api.holds("admin", "hunter2\n");

        var read = secrets.read(REF);

        assertThat(read.password()).isNull();
        assertThat(read.trouble())
                .startsWith("'password' of Secret poolers/pg-admin has a control character")
                .doesNotContain("hunter2");
    }

    @Test
    void a_secret_that_the_operator_may_not_read_is_told_with_the_remedy() {
        api.fails(403);

        assertThat(secrets.read(REF).trouble())
                .isEqualTo("the operator may not get Secret poolers/pg-admin; allow its ServiceAccount to");
    }

    @Test
    void an_api_server_that_is_gone_is_told() {
        api.dies();

        assertThat(secrets.read(REF).trouble())
                .isEqualTo("Secret poolers/pg-admin could not be read (no answer); it is tried again by itself");
    }
}
