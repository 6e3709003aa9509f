package io.tenantpool.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreStopHookTest {
    private static final Duration SLEEP = Duration.ofMillis(200);

    @Test
    void process_one_of_a_hook_is_the_process_of_the_container() {
        assertThat(script("sleep 5; kill -INT 1; while kill -0 1; do sleep 0.2; done"))
                .isEqualTo("sleep 0.200; kill -INT 4711; while kill -0 4711; do sleep 0.2; done");
    }

    @Test
    void a_hook_that_signals_anything_else_is_refused() {
        for (String text : List.of("kill -INT 12", "kill 1", "pkill pgbouncer", "killall pgbouncer", "kill -TERM -1")) {
            assertThatThrownBy(() -> script(text)).as(text).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> PreStopHook.script(List.of("/bin/stop"), 4711, SLEEP))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_hook_that_only_sleeps_is_over_after_its_sleep() {
        Container container = new ContainerBuilder()
                .withNewLifecycle()
                .withNewPreStop()
                .withNewSleep(5L)
                .endPreStop()
                .endLifecycle()
                .build();
        PreStopHook hook = PreStopHook.start(container, 4711, SLEEP).orElseThrow();
        assertThat(hook.isOver(Instant.now())).isFalse();
        assertThat(hook.isOver(Instant.now().plus(SLEEP))).isTrue();
    }

    @Test
    void a_container_may_have_no_hook() {
        assertThat(PreStopHook.start(new Container(), 4711, SLEEP)).isEmpty();
    }

    private static String script(String text) {
        return PreStopHook.script(List.of("sh", "-c", text), 4711, SLEEP);
    }
}
