package io.tenantpool.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import java.lang.reflect.Proxy;
import java.util.Map;

/** The operator rests when JOSDK's matcher finds what it applied; this is the same matcher without an operator. */
public final class ServerSideApplyMatch {
    private ServerSideApplyMatch() {}

    /** Whether {@code manager} would have nothing to apply. */
    public static boolean matches(KubernetesClient client, String manager, HasMetadata actual, HasMetadata wanted) {
        return SSABasedGenericKubernetesResourceMatcher.getInstance().matches(actual, wanted, context(client, manager));
    }

    /** The little of a context that applying and matching ask for. */
    public static Context<?> context(KubernetesClient client, String manager) {
        ControllerConfiguration<?> configuration =
                answering(ControllerConfiguration.class, Map.of("fieldManager", manager));
        return answering(Context.class, Map.of("getControllerConfiguration", configuration, "getClient", client));
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
