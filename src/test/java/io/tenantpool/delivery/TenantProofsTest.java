package io.tenantpool.delivery;

import static io.tenantpool.testing.Given.id;
import static io.tenantpool.testing.Given.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which names a pod may still serve, and who needs a proof at all. */
class TenantProofsTest {
    private final FakeSurroundings world = new FakeSurroundings();
    private final PoolerPods pods = new PoolerPods(world);
    private final RecordedProofs recorded = new RecordedProofs();
    private final TenantProofs proofs = new TenantProofs(pods, recorded, true);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void the_names_of_a_removed_tenant_are_still_served_while_a_pod_has_the_old_content() {
        aPodThatIsBehind();
        take("r1", null, target("acme", "1", role("app")));

        take("r2", "r1");

        assertThat(proofs.stillServed()).containsExactlyInAnyOrder("acme", "app");
        assertThat(recorded.removed).containsExactly("acme");
    }

    @Test
    void the_names_are_free_when_no_pod_runs() {
        take("r1", null, target("acme", "1", role("app")));

        take("r2", "r1");

        assertThat(proofs.stillServed()).isEmpty();
    }

    @Test
    void a_tenant_that_returns_takes_its_names_back() {
        aPodThatIsBehind();
        take("r1", null, target("acme", "1", role("app")));
        take("r2", "r1");

        take("r3", "r2", target("acme", "2", role("app")));

        assertThat(proofs.stillServed()).isEmpty();
    }

    @Test
    void a_tenant_that_changes_its_role_lets_the_old_one_go() {
        aPodThatIsBehind();
        take("r1", null, target("acme", "1", role("old")));

        take("r2", "r1", target("acme", "2", role("new")));

        assertThat(proofs.stillServed()).containsExactly("old");
    }

    @Test
    void a_content_that_was_proven_before_needs_no_login() {
        aPodThatIsBehind();

        take("r1", null, new Wanted.Target(id("acme"), "acme", "default", List.of(role("app")), 10, "1", true));
        proofs.advance();

        assertThat(Objects.requireNonNull(proofs.progress("uid-acme")).done()).isTrue();
        assertThat(recorded.started).isEmpty();
    }

    @Test
    void content_that_left_and_came_back_is_proven_again() {
        var proven = new Wanted.Target(id("acme"), "acme", "default", List.of(role("app")), 10, "1", true);
        take("r1", null, proven);
        take("r2", "r1");

        take("r3", "r2", proven);

        assertThat(Objects.requireNonNull(proofs.progress("uid-acme")).done()).isFalse();
    }

    @Test
    void nobody_logs_in_through_a_pod_that_does_not_serve_the_content() {
        aPodThatIsBehind();

        take("r1", null, target("acme", "1", role("app")));
        proofs.advance();

        assertThat(recorded.started).isEmpty();
        assertThat(Objects.requireNonNull(proofs.progress("uid-acme")).programmed())
                .isFalse();
    }

    @Test
    void the_same_content_again_is_no_change() {
        take("r1", null, target("acme", "1", role("app")));

        take("r2", "r1", target("acme", "1", role("app")));

        assertThat(recorded.changed).containsExactly("acme");
    }

    private void aPodThatIsBehind() {
        pods.update(List.of(FakeSurroundings.pod("a", true, world.now())));
    }

    private void take(String revision, @Nullable String before, Wanted.Target... targets) {
        proofs.take(List.of(targets), pods.want(FakeSurroundings.wanted(revision), before));
    }

    private static Wanted.Target target(String name, String content, Role role) {
        return new Wanted.Target(id(name), name, "default", List.of(role), 10, content, false);
    }

    private final class RecordedProofs implements TenantProofs.Prove {
        private final List<String> started = new ArrayList<>();
        private final List<String> changed = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();

        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public boolean hasAddress() {
            return true;
        }

        @Override
        public void start(TenantProof proof, @Nullable PodView pod) {
            started.add(proof.target.id().name());
        }

        @Override
        public void changed(TenantProof proof) {
            changed.add(proof.target.id().name());
        }

        @Override
        public void removed(TenantProof proof) {
            removed.add(proof.target.id().name());
        }

        @Override
        public void later(TenantProof proof, Duration pause) {
            throw new AssertionError("nothing failed");
        }
    }
}
