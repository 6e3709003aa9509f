package io.tenantpool.observe;

import io.tenantpool.model.PoolReading;
import io.tenantpool.model.PoolShare;
import io.tenantpool.model.PoolerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Who knows how full pools are. Its methods may be called on any thread and never wait. */
public interface PoolUsages {
    /** Who may use how much of each pooler of a PoolerCluster; empty when nothing of it is served. */
    Map<PoolerId, List<PoolShare>> shares(String namespace, String cluster);

    /**
     * Asks the pods of a pooler how full their pools are, unless they were asked within {@code maxAge}. It may complete
     * on a thread on which nobody may wait or compute for long.
     */
    CompletionStage<PoolReading> usage(PoolerId pooler, Duration maxAge);
}
