package io.tenantpool.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tenantpool.model.Login;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Every metric of the operator; none has a label per tenant. docs/metrics.md lists them. */
public final class Meters {
    private final MeterRegistry registry;
    private final Timer createToReady;
    private final Timer reload;
    private final AtomicInteger podsBehind;
    private final DistributionSummary secretBytes;
    private final Counter kicks;
    private final Counter statusWrites;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        createToReady = Timer.builder("tenantpool.tenant.create.to.ready")
                .description("From the first sight of a new Tenant to its proof through every pooler pod")
                .serviceLevelObjectives(
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofMillis(750),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60))
                .register(registry);
        reload = Timer.builder("tenantpool.pooler.reload")
                .description("Duration of RELOAD on a pooler's console; the pooler serves nobody meanwhile")
                .publishPercentileHistogram()
                .register(registry);
        podsBehind = registry.gauge("tenantpool.pooler.pods.behind", new AtomicInteger());
        secretBytes = DistributionSummary.builder("tenantpool.pooler.secret.written")
                .description("Size of each pooler Secret written")
                .baseUnit("bytes")
                .register(registry);
        kicks = Counter.builder("tenantpool.pooler.kicks")
                .description("Annotations written on pooler pods to have their files projected at once")
                .register(registry);
        statusWrites = Counter.builder("tenantpool.status.writes")
                .description("Status writes")
                .register(registry);
    }

    public void tenantReady(Duration sinceFirstSight) {
        createToReady.record(sinceFirstSight);
    }

    public void reloaded(Duration duration) {
        reload.record(duration);
    }

    public void podsBehind(int pods) {
        podsBehind.set(pods);
    }

    public void secretWritten(long bytes) {
        secretBytes.record(bytes);
    }

    public void kicked() {
        kicks.increment();
    }

    public void statusWritten() {
        statusWrites.increment();
    }

    public void objectWritten(String kind, String verb) {
        registry.counter("tenantpool.object.writes", "kind", kind, "verb", verb).increment();
    }

    public void proved(Login result) {
        registry.counter("tenantpool.proofs", "result", result.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
