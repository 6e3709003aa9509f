package io.tenantpool.delivery;

import io.tenantpool.model.PoolerId;
import io.tenantpool.model.TenantId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The rest of the world in a test that is only about delivery and poolers: does nothing, hears nothing. */
final class NobodyElse implements PodApi, DeliveryListener {
    @Override
    public CompletionStage<Void> kick(PodView pod, String revision) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> perPod(PodView pod, String text) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> traffic(PodView pod, boolean on) {
        return new CompletableFuture<>();
    }

    @Override
    public void tenantChanged(TenantId tenant) {
        // nobody waits for it
    }

    @Override
    public void poolerChanged(PoolerId pooler) {
        // nobody waits for it
    }
}
