package io.tenantpool.model;

import static io.tenantpool.testing.Given.pooler;
import static io.tenantpool.testing.PlannedWorld.pods;
import static io.tenantpool.testing.PlannedWorld.suspended;
import static io.tenantpool.testing.PlannedWorld.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.Given;
import io.tenantpool.testing.PlannedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForgettingTest {
    private static final Forgetting.Policy POLICY = new Forgetting.Policy(3, Duration.ofDays(7), Duration.ofHours(1));
    private static final Instant NOW = Given.NOW;
    private static final long SECONDS = NOW.getEpochSecond();

    private final PlannedWorld world = new PlannedWorld(PlannedWorld.cluster(100, pods(2)));

    @Test
    void nothing_is_forgotten_while_nothing_was_removed() {
        assertThat(new Forgetting(0, 0).isDue(0, NOW, POLICY)).isFalse();
        assertThat(new Forgetting(1, 0).isDue(0, NOW, POLICY)).isFalse();
    }

    @Test
    void more_than_the_most_are_forgotten_whatever_their_age() {
        assertThat(new Forgetting(SECONDS, 0).isDue(3, NOW, POLICY)).isFalse();
        assertThat(new Forgetting(SECONDS, 0).isDue(4, NOW, POLICY)).isTrue();
    }

    @Test
    void one_is_forgotten_when_it_is_old() {
        assertThat(new Forgetting(SECONDS - 7 * 86_400 + 1, 0).isDue(1, NOW, POLICY))
                .isFalse();
        assertThat(new Forgetting(SECONDS - 7 * 86_400, 0).isDue(1, NOW, POLICY))
                .isTrue();
    }

    @Test
    void pods_are_not_replaced_again_within_the_pause_however_many_are_removed() {
        assertThat(new Forgetting(SECONDS, SECONDS - 3599).isDue(100_000, NOW, POLICY))
                .isFalse();
        assertThat(new Forgetting(SECONDS, SECONDS - 3600).isDue(100_000, NOW, POLICY))
                .isTrue();
    }

    @Test
    void the_age_is_that_of_the_oldest() {
        removed("first");
        world.passes(100);
        removed("second");

        assertThat(held().removedRoles()).containsExactly("first", "second");
        assertThat(held().forgetting()).isEqualTo(new Forgetting(SECONDS, 0));
    }

    @Test
    void forgotten_roles_and_their_limits_are_in_no_file_any_more() {
        removed("gone");
        world.passes(60);
        world.forget(pooler("transaction"));

        var content = world.plan(tenant("acme", 10)).poolers().get(0);

        assertThat(content.tombstones()).isEmpty();
        assertThat(content.limitedRoles()).isEmpty();
        assertThat(content.forgetting()).isEqualTo(new Forgetting(0, SECONDS + 60));
    }

    @Test
    void a_role_that_leaves_with_the_same_plan_is_not_forgotten_with_it() {
        removed("gone");
        world.plan(tenant("acme", 10), tenant("leaver", 10));
        world.forget(pooler("transaction"));

        var content = world.plan(List.of(new Resolution.Resolved(tenant("acme", 10))), Set.of("uid-leaver"))
                .poolers()
                .get(0);

        assertThat(content.tombstones()).containsOnlyKeys("leaver");
        assertThat(content.forgetting()).isEqualTo(new Forgetting(SECONDS, SECONDS));
    }

    @Test
    void the_roles_of_a_suspended_tenant_are_not_forgotten() {
        world.plan(tenant("sleeper", 10));
        world.plan(suspended(tenant("sleeper", 10), 0));
        assertThat(held().removedRoles()).isEmpty();
        assertThat(held().forgetting()).isEqualTo(Forgetting.NEVER);
        world.forget(pooler("transaction"));

        var content = world.plan(suspended(tenant("sleeper", 10), 0)).poolers().get(0);

        assertThat(content.tombstones()).containsOnlyKeys("sleeper");
    }

    @Test
    void a_role_that_returns_is_not_removed_any_more() {
        removed("boomerang");

        world.plan(tenant("acme", 10), tenant("boomerang", 10));

        assertThat(held().removedRoles()).isEmpty();
        assertThat(held().forgetting()).isEqualTo(Forgetting.NEVER);
    }

    private void removed(String name) {
        var others = Stream.of(new Resolution.Resolved(tenant("acme", 10))).toList();
        world.plan(tenant("acme", 10), tenant(name, 10));
        world.plan(others, Set.of("uid-" + name));
    }

    private HeldPooler held() {
        return world.held().get(0);
    }
}
