package io.tenantpool.testing;

import static io.tenantpool.testing.ApiServerUnderTest.Source.FAIL;
import static io.tenantpool.testing.ApiServerUnderTest.Source.K3S;
import static io.tenantpool.testing.ApiServerUnderTest.Source.KUBECONFIG;
import static io.tenantpool.testing.ApiServerUnderTest.Source.SKIP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiServerUnderTestTest {
    @Test
    void aKubeconfigIsTakenBeforeDockerIsAsked() {
        var source = ApiServerUnderTest.choose(Map.of("KUBECONFIG", "a", "CI", "true"), () -> {
            throw new AssertionError("asked");
        });
        assertThat(source).isEqualTo(KUBECONFIG);
    }

    @Test
    void dockerIsTakenWhenThereIsNoKubeconfig() {
        assertThat(ApiServerUnderTest.choose(Map.of("KUBECONFIG", ""), () -> true))
                .isEqualTo(K3S);
    }

    @Test
    void withNeitherTheTestIsSkipped() {
        assertThat(ApiServerUnderTest.choose(Map.of(), () -> false)).isEqualTo(SKIP);
    }

    @Test
    void withNeitherItFailsInCi() {
        assertThat(ApiServerUnderTest.choose(Map.of("CI", "true"), () -> false)).isEqualTo(FAIL);
    }
}
