package io.tenantpool.status;

import static io.tenantpool.testing.Given.CLOCK;
import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.Given.role;
import static io.tenantpool.testing.Given.tenantObject;
import static io.tenantpool.testing.Given.tenantSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantStatus;
import io.tenantpool.model.Finding;
import io.tenantpool.model.Login;
import io.tenantpool.model.Progress;
import io.tenantpool.model.Progress.Failure;
import io.tenantpool.model.Verdict;
import io.tenantpool.testing.Given;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TenantStatusFactoryTest {
    private final TenantStatusFactory factory = new TenantStatusFactory(CLOCK);
    private final Tenant tenant = tenantObject("acme", tenantSpec("acme"));

    @Test
    void a_tenant_that_no_pod_serves_yet_is_accepted_and_nothing_more() {
        var status = derive(served(null), progress(2, 1, false, null));

        assertCondition(status, "Accepted", "True", Reason.Accepted);
        assertCondition(status, "Programmed", "False", Reason.Programming);
        assertCondition(status, "Ready", "False", Reason.Proving);
        assertCondition(status, "Reconciling", "True", Reason.Proving);
        assertThat(status.proven()).isNull();
        assertThat(status.binding()).isNull();
    }

    @Test
    void a_pooler_that_has_not_heard_of_the_tenant_keeps_it_from_being_programmed() {
        var status = factory.derive(tenant, served(null), List.of());

        assertCondition(status, "Programmed", "False", Reason.Programming);
        assertCondition(status, "Ready", "False", Reason.Proving);
    }

    @Test
    void without_a_pod_the_condition_says_so() {
        assertCondition(derive(served(null), progress(0, 0, false, null)), "Programmed", "False", Reason.NoPods);
    }

    @Test
    void a_tenant_that_every_pod_serves_is_programmed_and_not_yet_ready() {
        var status = derive(served(null), progress(2, 2, false, null));

        assertCondition(status, "Programmed", "True", Reason.Programmed);
        assertCondition(status, "Ready", "False", Reason.Proving);
    }

    @Test
    void a_proven_tenant_is_ready_and_shows_what_was_proven_and_where_it_is_reached() {
        var status = derive(served(null), progress(2, 2, true, null));

        assertCondition(status, "Ready", "True", Reason.LoginSucceeded);
        assertThat(condition(status, "Reconciling")).isEmpty();
        assertThat(status.proven()).isEqualTo(new TenantStatus.Proven(1L, "v1"));
        assertThat(status.binding()).isEqualTo(new TenantStatus.Binding("acme-pooler"));
        assertThat(status.endpoints())
                .containsExactly(new TenantStatus.TenantEndpoint("transaction", "main-transaction.poolers.svc", 6432));
        assertThat(status.placement()).isEqualTo(new TenantStatus.Placement("poolers/main", "0"));
    }

    @Test
    void ready_stays_when_pods_come_that_are_not_up_to_date() {
        var status = derive(served(null), progress(3, 2, true, null));

        assertCondition(status, "Programmed", "True", Reason.Programmed);
        assertCondition(status, "Ready", "True", Reason.LoginSucceeded);
    }

    @Test
    void deriving_twice_gives_the_same_at_any_time() {
        var verdict = served(null);
        var first = derive(verdict, progress(2, 2, true, null));
        tenant.setStatus(first);

        var second = new TenantStatusFactory(Clock.offset(CLOCK, Duration.ofDays(1)))
                .derive(tenant, verdict, List.of(progress(2, 2, true, null)));

        assertThat(second).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_NOT_FOUND, DatabaseNotFound, Create the database",
        "AUTHENTICATION_FAILED, AuthenticationFailed, team-a/acme-db",
        "UPSTREAM_UNREACHABLE, UpstreamUnreachable, spec.upstreams",
        "POOLER_UNREACHABLE, PoolerUnreachable, NetworkPolicies",
        "POOLER_REFUSED, LoginRefused, the server's words",
        "REFUSED, LoginRefused, the server's words"
    })
    void a_failed_login_says_what_failed_where_and_what_helps(Login login, Reason reason, String words) {
        var failure = new Failure(login, "acme", "pod main-1", "the server's words");

        var status = derive(served(null), progress(2, 2, false, failure));

        assertCondition(status, "Programmed", "True", Reason.Programmed);
        assertCondition(status, "Ready", "False", reason);
        assertThat(condition(status, "Ready").orElseThrow().getMessage())
                .contains("role acme", "acme", "pod main-1", "the server's words", words);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PoolerClusterNotFound",
                "UpstreamNotFound",
                "ListenerNotFound",
                "CredentialsNotFound",
                "CredentialsInvalid",
                "RoleNameTaken",
                "PoolNameTaken",
                "NameReserved",
                "NameInvalid",
                "NameStillServed",
                "PoolSizeInvalid",
                "TooLarge"
            })
    void a_finding_is_the_reason_of_every_condition_of_one_that_is_not_served(Reason reason) {
        var status = factory.derive(tenant, refused(Finding.keeping(reason, "spec.x: do y")), List.of());

        assertCondition(status, "Accepted", "False", reason);
        assertCondition(status, "Programmed", "False", reason);
        assertCondition(status, "Ready", "False", reason);
        assertCondition(status, "Stalled", "True", reason);
        assertThat(condition(status, "Accepted").orElseThrow().getMessage()).isEqualTo("spec.x: do y");
        assertThat(status.endpoints()).isNull();
        assertThat(status.placement()).isNull();
    }

    @Test
    void a_mistake_in_a_later_edit_leaves_ready_and_says_that_the_last_good_content_serves() {
        tenant.setStatus(derive(served(null), progress(2, 2, true, null)));
        tenant.getMetadata().setGeneration(2L);
        var mistake = Finding.keeping(Reason.CredentialsNotFound, "spec.users[app]: …");

        var status = derive(served(mistake), progress(2, 2, true, null));

        assertCondition(status, "Accepted", "False", Reason.CredentialsNotFound);
        assertThat(condition(status, "Accepted").orElseThrow().getMessage()).contains("keeps serving");
        assertCondition(status, "Ready", "True", Reason.LoginSucceeded);
        assertThat(status.proven()).isEqualTo(new TenantStatus.Proven(1L, "v1"));
        assertThat(status.observedGeneration()).isEqualTo(2L);
    }

    @Test
    void who_waits_for_ready_does_not_take_a_refused_edit_for_ready() {
        tenant.setStatus(derive(served(null), progress(2, 2, true, null)));
        tenant.getMetadata().setGeneration(2L);

        var status = derive(
                served(Finding.keeping(Reason.CredentialsNotFound, "spec.users[app]: …")), progress(2, 2, true, null));

        assertThat(condition(status, "Accepted").orElseThrow().getObservedGeneration())
                .isEqualTo(2L);
        assertThat(condition(status, "Ready").orElseThrow().getObservedGeneration())
                .isEqualTo(1L);
    }

    @Test
    void every_condition_speaks_of_the_current_generation() {
        tenant.getMetadata().setGeneration(5L);

        assertThat(derive(served(null), progress(2, 2, true, null)).conditions())
                .isNotEmpty()
                .allMatch(condition -> condition.getObservedGeneration() == 5L);
    }

    @Test
    void no_message_holds_a_password() {
        var failure = new Failure(Login.AUTHENTICATION_FAILED, "acme", "pod main-1", "…");

        assertThat(derive(served(null), progress(2, 2, false, failure)).toString())
                .doesNotContain(role("acme").password().value());
    }

    private TenantStatus derive(Verdict verdict, Progress progress) {
        return factory.derive(tenant, verdict, List.of(progress));
    }

    private static Progress progress(int pods, int current, boolean done, @Nullable Failure failure) {
        return new Progress("1:v1", pods, current, done, failure);
    }

    private static Verdict served(@Nullable Finding finding) {
        return Given.verdict(
                id("acme"),
                1,
                finding,
                true,
                "v1",
                List.of(new Verdict.Endpoint(pooler("transaction"), 6432)),
                List.of(role("acme")),
                "acme");
    }

    private static Verdict refused(Finding finding) {
        return Given.verdict(id("acme"), 1, finding, false, null, List.of(), List.of(), null);
    }

    private static Optional<Condition> condition(TenantStatus status, String type) {
        return Conditions.find(status.conditions(), type);
    }

    private static void assertCondition(TenantStatus status, String type, String value, Reason reason) {
        assertThat(condition(status, type)).hasValueSatisfying(condition -> {
            assertThat(condition.getStatus()).as(type).isEqualTo(value);
            assertThat(condition.getReason()).as(type).isEqualTo(reason.name());
        });
    }
}
