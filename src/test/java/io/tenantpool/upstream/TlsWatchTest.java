package io.tenantpool.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TlsWatchTest {
    private static final UpstreamKey KEY = new UpstreamKey("uid", "poolers", "main", "default");
    private static final TlsWatch.Watched PG = new TlsWatch.Watched(KEY, new ServerAddress("pg", 5432));
    private static final Transport TLS = new Transport(true, true, true, "a CA");

    private final ManualTimer timer = new ManualTimer();
    private final List<Transport> looks = new ArrayList<>();
    private final List<UpstreamKey> told = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();

    private final TlsWatch watch = new TlsWatch(
            (server, transport) -> {
                looks.add(transport);
                return CompletableFuture.completedFuture(refusal);
            },
            timer,
            told::add);

    @Test
    void a_server_is_looked_at_at_once_and_then_every_minute() {
        watch.want("uid", Map.of(PG, TLS));
        watch.want("uid", Map.of(PG, TLS));

        assertThat(looks).hasSize(1);
        assertThat(timer.delays()).containsExactly(TlsWatch.PERIOD);
        assertThat(watch.refused("uid")).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void a_refusal_is_told_once_and_looked_at_again_soon_until_it_is_over() {
        refusal = Optional.of("PostgreSQL at pg:5432 does not encrypt");
        watch.want("uid", Map.of(PG, TLS));
        assertThat(watch.refused("uid")).containsEntry("default", "PostgreSQL at pg:5432 does not encrypt");
        assertThat(timer.delays()).containsExactly(TlsWatch.AFTER_REFUSAL);

        timer.fire();
        assertThat(told).containsExactly(KEY);

        refusal = Optional.empty();
        timer.fire();
        assertThat(watch.refused("uid")).isEmpty();
        assertThat(told).containsExactly(KEY, KEY);
    }

    @Test
    void another_ca_is_tried_at_once_and_the_old_one_no_more() {
        watch.want("uid", Map.of(PG, TLS));
        var other = new Transport(true, true, true, "another CA");

        watch.want("uid", Map.of(PG, other));
        timer.fire();

        assertThat(looks).containsExactly(TLS, other, other);
    }

    @Test
    void a_pooler_cluster_that_is_gone_is_looked_at_no_more() {
        watch.want("uid", Map.of(PG, TLS));

        watch.forget("uid");
        timer.fire();

        assertThat(looks).hasSize(1);
        assertThat(timer.delays()).isEmpty();
    }
}
