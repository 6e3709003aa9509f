package io.tenantpool.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tenantpool.model.BudgetLine;
import io.tenantpool.model.Login;
import io.tenantpool.model.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final MultiGauge budget;
    private final MultiGauge brake;
    private final MultiGauge certificates;
    private final Map<String, List<MultiGauge.Row<?>>> budgetRows = new ConcurrentHashMap<>();
    private final Map<String, List<MultiGauge.Row<?>>> brakeRows = new ConcurrentHashMap<>();
    private final Map<String, List<MultiGauge.Row<?>>> certificateRows = new ConcurrentHashMap<>();

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
        budget = MultiGauge.builder("tenantpool.budget.connections")
                .description("Server connections of an upstream: promised, what may be promised, what is left of it")
                .register(registry);
        brake = gauge(
                "tenantpool.brake.on", "1 while idle server connections are let go, because a server is nearly full");
        certificates = gauge(
                "tenantpool.certificate.end.timestamp.seconds",
                "When the first certificate ends of those that a PoolerCluster's poolers serve");
        statusWrites = Counter.builder("tenantpool.status.writes")
                .description("Status writes")
                .register(registry);
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
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

    /** What is promised of an upstream's connections, and whether its idle ones are let go quickly. */
    public void budget(String namespace, String cluster, List<BudgetLine> lines, Set<ServerKey> braked) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        var brakes = new ArrayList<MultiGauge.Row<?>>();
        for (var line : lines) {
            var tags = Tags.of(
                    "namespace",
                    namespace,
                    "poolercluster",
                    cluster,
                    "upstream",
                    line.server().upstream(),
                    "target",
                    line.server().target().name());
            rows.add(MultiGauge.Row.of(tags.and("kind", "committed"), line.committed()));
            var limit = line.contract().limit();
            if (limit != null) {
                rows.add(MultiGauge.Row.of(tags.and("kind", "limit"), limit));
                rows.add(MultiGauge.Row.of(tags.and("kind", "available"), limit - line.committed()));
            }
            brakes.add(MultiGauge.Row.of(tags, braked.contains(line.server()) ? 1 : 0));
        }
        budgetRows.put(namespace + "/" + cluster, rows);
        brakeRows.put(namespace + "/" + cluster, brakes);
        register();
    }

    /** When the first of a PoolerCluster's certificates ends. */
    public void certificates(String namespace, String cluster, Instant until) {
        var tags = Tags.of("namespace", namespace, "poolercluster", cluster);
        var row = MultiGauge.Row.of(tags, until.getEpochSecond());
        if (until.equals(Instant.MAX)) {
            certificateRows.remove(namespace + "/" + cluster);
        } else {
            certificateRows.put(namespace + "/" + cluster, List.of(row));
        }
        register();
    }

    /** Forgets a PoolerCluster that is gone. */
    public void forget(String namespace, String cluster) {
        budgetRows.remove(namespace + "/" + cluster);
        brakeRows.remove(namespace + "/" + cluster);
        certificateRows.remove(namespace + "/" + cluster);
        register();
    }

    private synchronized void register() {
        budget.register(budgetRows.values().stream().flatMap(List::stream).toList(), true);
        brake.register(brakeRows.values().stream().flatMap(List::stream).toList(), true);
        certificates.register(
                certificateRows.values().stream().flatMap(List::stream).toList(), true);
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

    /** @param code HTTP status of the answer, {@code none} without one */
    public void apiRequest(String verb, String resource, String code) {
        registry.counter("tenantpool.api.requests", "verb", verb, "resource", resource, "code", code)
                .increment();
    }

    public void proved(Login result) {
        registry.counter("tenantpool.proofs", "result", result.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
