package io.tenantpool.delivery;

import io.tenantpool.model.PoolUsage;
import io.vertx.core.Future;
import java.util.Map;

/** A console that gives one answer. */
final class FakeSession implements PoolReadings.Session {
    volatile boolean asked;
    volatile boolean closed;
    private final Future<Map<String, PoolUsage>> answer;

    FakeSession(Future<Map<String, PoolUsage>> answer) {
        this.answer = answer;
    }

    @Override
    public Future<Map<String, PoolUsage>> pools() {
        asked = true;
        return answer;
    }

    @Override
    public void close() {
        closed = true;
    }
}
