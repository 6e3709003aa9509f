package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Door;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.TenantModel;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line that an old program does not know would keep the files of everybody from being read. */
class PgBouncerVersionTest {
    private static final TenantModel WAITS =
            PlannedWorld.on(Given.tenant("acme"), new Door("transaction", 10, 2, new DoorLimits(7, 3, 30)));

    @ParameterizedTest
    @ValueSource(strings = {"PgBouncer 1.24.1", "PgBouncer 1.25.0", "PgBouncer 1.9.0"})
    void a_wait_limit_is_refused_while_one_pod_is_too_old(String old) {
        var versions = new TreeSet<>(List.of("PgBouncer 1.26.1", old));

        assertThat(PgBouncerVersion.unsupported(WAITS, versions)).hasValueSatisfying(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.NotSupported);
            assertThat(finding.revokes()).isFalse();
            assertThat(finding.message()).contains("queryWaitTimeoutSeconds", old, "spec.image");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PgBouncer 1.26.0", "PgBouncer 1.26.1-dev", "PgBouncer 1.100.0", "PgBouncer 2.0.0", "Other 1.2"})
    void a_wait_limit_is_taken_by_newer_programs_and_by_those_that_nobody_knows(String version) {
        assertThat(PgBouncerVersion.unsupported(WAITS, new TreeSet<>(List.of(version))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PgBouncer 1.26.1",
                "PgBouncer 1.26.1-dev",
                "PgBouncer 1.27.0",
                "PgBouncer 2.0.0",
                "Other 1.2",
                ""
            })
    void nothing_is_known_of_newer_programs_and_of_others(String version) {
        assertThat(PgBouncerVersion.holes(version)).isEmpty();
    }

    @Test
    void each_version_has_the_holes_that_a_later_one_closed() {
        assertThat(PgBouncerVersion.holes("PgBouncer 1.26.0")).containsExactly("CVE-2026-107350");
        assertThat(PgBouncerVersion.holes("PgBouncer 1.26")).containsExactly("CVE-2026-107350");
        assertThat(PgBouncerVersion.holes("PgBouncer 1.25.2")).containsExactly("CVE-2026-107350");
        assertThat(PgBouncerVersion.holes("PgBouncer 1.25.1")).hasSize(5).doesNotContain("CVE-2025-12819");
        assertThat(PgBouncerVersion.holes("PgBouncer 1.24.1")).hasSize(6).doesNotContain("CVE-2025-2291");
        assertThat(PgBouncerVersion.holes("PgBouncer 1.24.0")).hasSize(7).startsWith("CVE-2025-2291");
        assertThat(PgBouncerVersion.holes("PgBouncer 1.16.1")).hasSize(6).doesNotContain("CVE-2026-107350");
    }

    @Test
    void other_limits_need_no_newer_program() {
        var limited =
                PlannedWorld.on(Given.tenant("acme"), new Door("transaction", 10, 2, new DoorLimits(7, null, 30)));

        assertThat(PgBouncerVersion.unsupported(limited, new TreeSet<>(List.of("PgBouncer 1.24.1"))))
                .isEmpty();
    }
}
