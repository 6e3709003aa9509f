package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of two passwords a tenant is served with. */
class RotationTest {
    private static final Role OLD = role("old");
    private static final Role NEW = role("new");

    private final List<Role> asked = new ArrayList<>();

    @Test
    void a_password_that_postgresql_knows_takes_the_place_of_the_other() {
        assertServed(rotate(NEW, PasswordAnswer.ACCEPTED, OLD), NEW, null);
    }

    @Test
    void the_old_one_stays_until_postgresql_has_answered() {
        assertServed(rotate(NEW, PasswordAnswer.PENDING, OLD), OLD, null);
    }

    @Test
    void the_old_one_stays_while_postgresql_does_not_know_the_new_one_and_the_tenant_says_so() {
        var resolved = rotate(NEW, PasswordAnswer.REJECTED, OLD);

        assertServed(resolved, OLD, Reason.PasswordRejected);
        var finding = Objects.requireNonNull(resolved.partial());
        assertThat(finding.message())
                .contains("Secret team-a/acme-db", "role acme", "ALTER ROLE \"acme\" PASSWORD")
                .doesNotContain("new", "old");
        assertThat(finding.partial()).isTrue();
    }

    @Test
    void without_an_answer_it_goes_on_as_if_there_were_nobody_to_ask() {
        assertServed(rotate(NEW, PasswordAnswer.UNCHECKED, OLD), NEW, null);
    }

    @Test
    void what_is_served_already_and_what_is_new_is_not_asked_about() {
        assertServed(rotate(OLD, PasswordAnswer.REJECTED, OLD), OLD, null);
        assertServed(rotate(NEW, PasswordAnswer.REJECTED), NEW, null);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_password_that_one_door_has_already_goes_to_the_others() {
        var behind = Given.held(Given.pooler("session"), List.of(placed(OLD)), new TreeSet<>());
        var ahead = Given.held(Given.pooler("transaction"), List.of(placed(NEW)), new TreeSet<>());

        var resolved = new Rotation(List.of(behind, ahead)).apply(resolved(NEW), this::noAnswer);

        assertServed((Resolution.Resolved) resolved, NEW, null);
    }

    @Test
    void a_tenant_that_is_suspended_changes_the_password_of_nobody_who_shares_its_role() {
        var suspended = new Resolution.Resolved(PlannedWorld.suspended(model(NEW), 0));

        var resolved = new Rotation(List.of(held(OLD))).apply(suspended, this::noAnswer);

        assertServed((Resolution.Resolved) resolved, OLD, null);
    }

    @Test
    void a_new_tenant_that_shares_a_role_does_not_bring_it_a_password_that_postgresql_does_not_know() {
        var other = Given.tenant("another", "another", NEW);

        var resolved =
                new Rotation(List.of(held(OLD))).apply(new Resolution.Resolved(other), role -> PasswordAnswer.REJECTED);

        assertServed((Resolution.Resolved) resolved, OLD, Reason.PasswordRejected);
    }

    @Test
    void a_role_of_the_same_name_from_another_secret_is_another_matter() {
        var stranger = new Role("acme", NEW.password(), "team-b/acme-db");

        assertServed(rotate(stranger, PasswordAnswer.REJECTED, OLD), stranger, null);
    }

    @Test
    void the_rest_of_an_edit_is_served_while_its_password_is_not() {
        var world = new PlannedWorld(PlannedWorld.cluster(200, PlannedWorld.pods(2)));
        world.plan(PlannedWorld.tenant("acme", 20));
        var edited = PlannedWorld.tenant("acme", 30).withRoles(List.of(NEW));
        var rotation = new Rotation(world.held());

        var plan = world.plan(
                List.of(rotation.apply(new Resolution.Resolved(edited), role -> PasswordAnswer.REJECTED)), Set.of());

        assertThat(PlannedWorld.refusal(plan, "acme")).startsWith("PasswordRejected: ");
        assertThat(world.perPod("acme")).isEqualTo(15);
        assertThat(world.placed("acme").roles()).containsExactly(Given.role("acme"));
    }

    private PasswordAnswer noAnswer(Role role) {
        throw new AssertionError("nobody is asked about " + role.name());
    }

    private Resolution.Resolved rotate(Role wanted, PasswordAnswer answer, Role... served) {
        var held = served.length == 0 ? List.<HeldPooler>of() : List.of(held(served));
        return (Resolution.Resolved) new Rotation(held).apply(resolved(wanted), role -> {
            asked.add(role);
            return answer;
        });
    }

    private static void assertServed(Resolution.Resolved resolved, Role role, @Nullable Reason reason) {
        assertThat(resolved.model().roles()).containsExactly(role);
        var finding = resolved.partial();
        assertThat(finding == null ? null : finding.reason()).isEqualTo(reason);
    }

    private static HeldPooler held(Role... roles) {
        return Given.held(Given.pooler("transaction"), List.of(placed(roles)), new TreeSet<>());
    }

    private static Placed placed(Role... roles) {
        return Given.placed("acme", "acme", roles);
    }

    private static Resolution.Resolved resolved(Role role) {
        return new Resolution.Resolved(model(role));
    }

    private static TenantModel model(Role role) {
        return Given.tenant("acme", "acme", role);
    }

    private static Role role(String password) {
        return new Role("acme", new Secret(password), "team-a/acme-db");
    }
}
