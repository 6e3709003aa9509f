package io.tenantpool.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.testing.Given;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerPeersTest {
    private static final PoolerId POOLER = Given.pooler("transaction");
    private static final SortedMap<Integer, String> BEFORE = new TreeMap<>(Map.of(1, "10.0.0.1", 2, "10.0.0.2"));

    @Test
    void peers_stay_as_they_were_written_until_it_is_known_which_pods_have_them() {
        assertThat(planned(null)).isEqualTo(BEFORE);
    }

    @Test
    void peers_are_the_pods_that_have_them() {
        var now = new TreeMap<>(Map.of(2, "10.0.0.2"));

        assertThat(planned(now)).isEqualTo(now);
    }

    private static SortedMap<Integer, String> planned(@Nullable SortedMap<Integer, String> seen) {
        var held = new HeldPooler(
                POOLER,
                List.of(Given.placed("acme")),
                new TreeSet<>(Set.of("acme")),
                new TreeSet<>(),
                BEFORE,
                false,
                Forgetting.NEVER,
                ServerTls.PLAIN);
        var pods = new PoolerObservation(2, Set.of(), Map.of(), Set.of(), Set.of(), seen);
        var observed = new Observed(Given.NOW, Map.of(POOLER, pods), Set.of(), Set.of());
        var plan = new Planner(Given.cluster("transaction"), List.of(held), Given.KEYS, observed)
                .plan(List.of(), Set.of());
        return plan.poolers().get(0).peers();
    }
}
