package io.tenantpool.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times reconciliations per controller. The framework's own Micrometer bean registers one meter with two sets of tags,
 * which throws inside the informer's handler and loses the event; this one only counts what cannot.
 */
public final class OperatorMetrics implements Metrics {
    private final MeterRegistry registry;

    public OperatorMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
        count("success", metadata);
    }

    @Override
    public void reconciliationFailed(
            HasMetadata resource, @Nullable RetryInfo retry, Exception exception, Map<String, Object> metadata) {
        count("failure", metadata);
    }

    /** Without tags that an outcome decides: a name has one set of tags, or the registry refuses it. */
    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        var sample = Timer.start(registry);
        try {
            return execution.execute();
        } finally {
            sample.stop(Timer.builder("tenantpool.reconciliation")
                    .description("Duration of each reconciliation, waiting for answers of the API server included")
                    .tag("controller", execution.controllerName())
                    .register(registry));
        }
    }

    private void count(String result, Map<String, Object> metadata) {
        var controller = Objects.requireNonNullElse(metadata.get(Constants.CONTROLLER_NAME), "unknown");
        registry.counter("tenantpool.reconciliations", "controller", controller.toString(), "result", result)
                .increment();
    }
}
