package io.tenantpool.delivery;

import static io.tenantpool.testing.Given.NOW;
import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.Login;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a login that failed is tried again. */
class TenantProofTest {
    private final TenantProof proof = new TenantProof(target(), 1, NOW, false);

    @Test
    void a_new_tenant_is_due_at_once() {
        assertThat(proof.due(NOW)).isTrue();
        assertThat(proof.retrying()).isFalse();
    }

    @Test
    void a_tenant_that_was_proven_before_is_done() {
        assertThat(new TenantProof(target(), 1, NOW, true).due(NOW)).isFalse();
    }

    @Test
    void in_its_first_minute_a_tenant_is_tried_every_second_and_a_half() {
        for (var second = 0; second < 60; second++) {
            assertThat(fail(Login.AUTHENTICATION_FAILED, NOW.plusSeconds(second)))
                    .isEqualTo(Duration.ofMillis(1500));
        }
    }

    @Test
    void a_failed_one_is_not_due_before_its_pause_is_over() {
        fail(Login.AUTHENTICATION_FAILED, NOW);

        assertThat(proof.due(NOW.plusMillis(1499))).isFalse();
        assertThat(proof.due(NOW.plusMillis(1500))).isTrue();
        assertThat(proof.retrying()).isTrue();
    }

    @Test
    void later_the_pauses_grow_to_half_a_minute() {
        var pause = Duration.ZERO;
        for (var attempt = 0; attempt < 100; attempt++) {
            var next = fail(Login.UPSTREAM_UNREACHABLE, NOW.plusSeconds(61));
            assertThat(next).isGreaterThanOrEqualTo(pause);
            pause = next;
        }
        assertThat(pause).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_database_that_may_be_created_any_time_is_looked_for_every_four_seconds() {
        var pause = Duration.ZERO;
        for (var attempt = 0; attempt < 100; attempt++) {
            pause = fail(Login.DATABASE_NOT_FOUND, NOW.plusSeconds(61));
        }

        assertThat(pause).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void one_login_at_a_time_finds_out_whether_a_tenant_still_fails() {
        fail(Login.AUTHENTICATION_FAILED, NOW);
        proof.inFlight.add("pod");

        assertThat(proof.due(NOW.plusSeconds(10))).isFalse();
    }

    @Test
    void a_tenant_whose_first_login_hangs_takes_one_place_and_not_many() {
        proof.inFlight.add("pod");

        assertThat(proof.due(NOW)).isFalse();
    }

    @Test
    void a_success_forgets_the_failure() {
        fail(Login.AUTHENTICATION_FAILED, NOW);

        proof.succeeded();

        assertThat(proof.retrying()).isFalse();
        assertThat(proof.failure()).isNull();
    }

    private Duration fail(Login login, Instant now) {
        return proof.failed(role("acme"), "pod main-1", new Prover.Result(login, "words"), now);
    }

    private static Wanted.Target target() {
        return new Wanted.Target(id("acme"), "acme", "default", List.of(role("acme")), 10, "1:v1", false);
    }
}
