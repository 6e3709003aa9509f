package io.tenantpool.controller;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.delivery.DeliveryListener;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.TenantId;
import io.tenantpool.upstream.UpstreamKey;

/** Turns what the operator itself found out into events of the two reconcilers. */
public final class Signals implements DeliveryListener {
    private final SimpleInboundEventSource<Tenant> tenants = new SimpleInboundEventSource<>("delivery");
    private final SimpleInboundEventSource<PoolerCluster> poolerClusters = new SimpleInboundEventSource<>("delivery");

    SimpleInboundEventSource<Tenant> tenants() {
        return tenants;
    }

    SimpleInboundEventSource<PoolerCluster> poolerClusters() {
        return poolerClusters;
    }

    @Override
    public void tenantChanged(TenantId tenant) {
        if (tenants.isRunning()) {
            tenants.propagateEvent(new ResourceID(tenant.name(), tenant.namespace()));
        }
    }

    @Override
    public void poolerChanged(PoolerId pooler) {
        poolerClusterChanged(new ResourceID(pooler.cluster(), pooler.namespace()));
    }

    /** The server of an upstream told something new about itself: there may be more to give, or less. */
    public void upstreamChanged(UpstreamKey upstream) {
        poolerClusterChanged(new ResourceID(upstream.cluster(), upstream.namespace()));
    }

    void poolerClusterChanged(ResourceID cluster) {
        if (poolerClusters.isRunning()) {
            poolerClusters.propagateEvent(cluster);
        }
    }
}
