package io.tenantpool.engine.pgbouncer;

import static io.tenantpool.testing.Given.listener;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenantpool.api.v1alpha1.Listener.PoolMode;
import io.tenantpool.engine.PodShape;
import io.tenantpool.model.ListenerModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PodShapeTest {
    @ParameterizedTest
    @EnumSource(value = PoolMode.class, mode = Mode.EXCLUDE, names = "Session")
    void a_door_that_takes_connections_back_ends_by_sigint_and_returns_when_it_is_gone(PoolMode mode) {
        assertThat(shape(mode).preStop())
                .containsExactly("sh", "-c", "sleep 5; kill -INT 1; while kill -0 1; do sleep 0.2; done");
    }

    @Test
    void a_session_door_sends_no_signal_of_its_own_and_so_waits_for_its_clients_until_the_grace_ends() {
        assertThat(shape(PoolMode.Session).preStop()).containsExactly("sleep", "5");
    }

    @ParameterizedTest
    @EnumSource(PoolMode.class)
    void the_file_of_a_pod_has_no_name_of_the_secret(PoolMode mode) {
        assertThat(shape(mode).projected()).doesNotContain(shape(mode).perPod());
        assertThat(shape(mode).perPod()).isEqualTo("peer.ini");
    }

    private static PodShape shape(PoolMode mode) {
        var door = listener("door", 6432);
        return new PgBouncerEngine()
                .podShape(new ListenerModel(
                        door.name(),
                        mode.name(),
                        door.target(),
                        door.port(),
                        door.replicas(),
                        door.maxReplicas(),
                        door.targetCpuPercentage(),
                        door.maxClientConnectionsPerPod(),
                        door.defaultPoolSize(),
                        door.terminationGracePeriodSeconds()));
    }
}
