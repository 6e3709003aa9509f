package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.model.Verdict;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.BindingSecret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Publishes the binding Secret of a proven Tenant; leaves a Secret of that name alone that is not ours. */
public final class BindingWriter {
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final Meters meters;

    public BindingWriter(KubernetesClient client, Meters meters) {
        this.client = client;
        this.meters = meters;
    }

    /**
     * @param cached the Secret as the cache has it, or null
     * @return whether the Secret is ours and says what it should
     */
    boolean publish(Tenant tenant, Verdict verdict, @Nullable Secret cached) {
        var desired = BindingSecret.desired(tenant, verdict);
        if (cached == null) {
            return create(tenant, desired);
        }
        if (!Ownership.isControlledBy(cached, tenant)) {
            return false;
        }
        return Objects.equals(cached.getData(), desired.getData()) || replace(desired, cached);
    }

    private boolean create(Tenant tenant, Secret desired) {
        try {
            client.resource(desired).create();
            meters.objectWritten("Secret", "create");
            return true;
        } catch (KubernetesClientException e) {
            if (namespaceEnds(e)) {
                return true; // the Tenant goes with it, and nobody is left to bind
            }
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            var live = client.resource(desired).get();
            return live != null
                    && Ownership.isControlledBy(live, tenant)
                    && (Objects.equals(live.getData(), desired.getData()) || replace(desired, live));
        }
    }

    private static boolean namespaceEnds(KubernetesClientException failure) {
        return failure.getCode() == NOT_FOUND
                || failure.getCode() == FORBIDDEN
                        && String.valueOf(failure.getMessage()).contains("being terminated");
    }

    private boolean replace(Secret desired, Secret before) {
        desired.getMetadata().setResourceVersion(before.getMetadata().getResourceVersion());
        client.resource(desired).update();
        meters.objectWritten("Secret", "update");
        return true;
    }
}
