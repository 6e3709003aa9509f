package io.tenantpool.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.model.Finding;
import io.tenantpool.model.TenantResolver;
import io.tenantpool.testing.Given;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    private static final ResourceID MAIN = new ResourceID("main", "poolers");

    private final Verdicts verdicts = new Verdicts(new Signals(), uid -> {});

    @Test
    void a_pooler_cluster_that_is_not_valid_does_not_exist_for_whom_it_does_not_admit() {
        var tenant = Given.tenantObject("acme", Given.tenantSpec("acme"));

        verdicts.publishInvalid(MAIN, List.of(tenant), namespace -> false);

        assertThat(finding()).isEqualTo(TenantResolver.notFound("poolers", "main", "team-a"));
    }

    @Test
    void a_pooler_cluster_that_is_not_valid_says_so_to_whom_it_admits() {
        var tenant = Given.tenantObject("acme", Given.tenantSpec("acme"));

        verdicts.publishInvalid(MAIN, List.of(tenant), namespace -> namespace.equals("team-a"));

        assertThat(finding().reason()).isEqualTo(Reason.Invalid);
    }

    private Finding finding() {
        return requireNonNull(requireNonNull(verdicts.find(MAIN, "uid-acme")).finding());
    }
}
