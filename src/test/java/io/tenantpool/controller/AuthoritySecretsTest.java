package io.tenantpool.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.certificate.Authorities;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.PoolerSecret;
import io.tenantpool.testing.ApiServerDouble;
import io.tenantpool.testing.Given;
import io.tenantpool.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the double of the API server that the harness has. */
class AuthoritySecretsTest {
    private static final Duration LOOKED_AT_AGAIN = Duration.ofMinutes(6);

    private final ApiServerDouble api = ApiServerDouble.start();
    private final KubernetesClient client = api.client();
    private final SettableClock clock = new SettableClock();
    private final PoolerCluster cluster = Given.poolerCluster();
    private final AuthoritySecrets secrets = new AuthoritySecrets(
            client,
            clock,
            new Authorities.Lifetimes(Duration.ofDays(900), Duration.ofDays(30), Duration.ofDays(90)),
            new Meters(new SimpleMeterRegistry()));

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void the_first_look_makes_one_and_the_next_finds_it() {
        var made = published();

        assertThat(published()).isEqualTo(made);
        assertThat(stored()).containsEntry("ca.crt", made);
    }

    @Test
    void one_that_somebody_deleted_is_written_again() {
        var made = published();
        secret().delete();
        clock.passes(LOOKED_AT_AGAIN);

        assertThat(published()).isEqualTo(made);
        assertThat(stored()).containsEntry("ca.crt", made).containsKey("authority-0.key");
    }

    @Test
    void one_that_somebody_emptied_is_written_again() {
        var made = published();
        secret().edit(secret -> new SecretBuilder(secret).withData(Map.of()).build());
        clock.passes(LOOKED_AT_AGAIN);

        assertThat(published()).isEqualTo(made);
        assertThat(stored()).containsEntry("ca.crt", made).containsKey("authority-0.key");
    }

    @Test
    void one_of_somebody_else_is_left_alone_and_reported() {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("poolers")
                        .withName("main.ca")
                        .endMetadata()
                        .withData(Map.of("theirs", "dGhlaXJz"))
                        .build())
                .create();
        var conflicts = new Conflicts(cluster);

        var authorities = secrets.of(cluster, conflicts, List.of());

        assertThat(authorities.isEmpty()).isFalse();
        assertThat(conflicts.objects()).containsExactly("Secret main.ca");
        assertThat(secret().get().getData()).containsOnlyKeys("theirs");
    }

    private String published() {
        return secrets.of(cluster, new Conflicts(cluster), List.of()).published(clock.instant());
    }

    private Map<String, String> stored() {
        return PoolerSecret.entries(secret().get());
    }

    private Resource<Secret> secret() {
        return client.secrets().inNamespace("poolers").withName("main.ca");
    }
}
