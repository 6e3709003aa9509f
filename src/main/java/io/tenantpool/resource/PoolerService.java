package io.tenantpool.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.PoolerId;
import io.tenantpool.naming.Labels;
import io.tenantpool.naming.Names;

/** The published address of a door. */
public final class PoolerService {
    private PoolerService() {}

    public static Service desired(PoolerId id, ListenerModel listener, PoolerCluster owner) {
        var selector = Labels.selector(id);
        // Lets the operator take a pod that it can't bring up to date out of the Service in about 50 ms.
        selector.put(Labels.TRAFFIC, Labels.TRAFFIC_ON);
        return new ServiceBuilder()
                .withMetadata(PoolerMeta.of(id, Names.pooler(id), owner))
                .withNewSpec()
                .withSelector(selector)
                .addNewPort()
                .withName("postgresql")
                .withProtocol("TCP")
                .withPort(listener.port())
                // By name: while the port changes, each pod is reached on the one that it listens on.
                .withTargetPort(new IntOrString(PoolerPodTemplate.PORT))
                .endPort()
                .endSpec()
                .build();
    }
}
