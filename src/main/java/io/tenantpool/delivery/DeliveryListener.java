package io.tenantpool.delivery;

import io.tenantpool.model.PoolerId;
import io.tenantpool.model.TenantId;

/** Hears of what delivery found out; called on the delivery thread, so it must not wait. */
public interface DeliveryListener {
    void tenantChanged(TenantId tenant);

    /** Pods came or went, fell behind or caught up, or names became free. */
    void poolerChanged(PoolerId pooler);
}
