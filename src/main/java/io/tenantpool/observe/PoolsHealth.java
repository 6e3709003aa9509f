package io.tenantpool.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Tells over HTTP how full the pools of a PoolerCluster are. */
public final class PoolsHealth {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final ObjectMapper json = new ObjectMapper();
    private final PoolUsages usages;
    private final Executor workers;
    private final Duration maxAge;

    /**
     * With these limits.
     *
     * @param workers where thousands of tenants are summed up and written; neither readers of sockets nor delivery shall
     *     wait for that
     * @param maxAge pods are asked no more often than this
     */
    public PoolsHealth(PoolUsages usages, Executor workers, Duration maxAge) {
        this.usages = usages;
        this.workers = workers;
        this.maxAge = maxAge;
    }

    /** What to answer. */
    public record Answer(int status, String json) {}

    private record Refusal(String error) {}

    /** Looks at the pools of this PoolerCluster; the names come from anybody and are only compared. */
    public CompletionStage<Answer> look(String namespace, String cluster) {
        return CompletableFuture.supplyAsync(() -> usages.shares(namespace, cluster), workers)
                .thenCompose(shares -> shares.isEmpty()
                        ? CompletableFuture.completedFuture(refuse(NOT_FOUND, "no such PoolerCluster is served"))
                        : read(namespace + "/" + cluster, shares));
    }

    /** What to answer to anything else. */
    public Answer refuse(int status, String why) {
        return answer(status, new Refusal(why));
    }

    private CompletableFuture<Answer> read(String name, Map<PoolerId, List<PoolShare>> shares) {
        var readings = new ArrayList<CompletableFuture<PoolsReport.Pooler>>();
        shares.forEach((id, tenants) -> readings.add(usages.usage(id, maxAge)
                .thenApply(reading -> new PoolsReport.Pooler(id, tenants, reading))
                .toCompletableFuture()));
        return CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done -> report(PoolsReport.of(
                                name,
                                readings.stream().map(CompletableFuture::join).toList())),
                        workers);
    }

    private Answer report(PoolsReport report) {
        return report.saysAnything()
                ? answer(OK, report)
                : refuse(UNAVAILABLE, "no pooler pod says how full its pools are");
    }

    private Answer answer(int status, Object content) {
        try {
            return new Answer(status, json.writeValueAsString(content));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of text and numbers can't be written", e);
        }
    }
}
