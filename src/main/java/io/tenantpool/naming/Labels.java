package io.tenantpool.naming;

import io.tenantpool.model.PoolerId;
import java.util.Map;
import java.util.TreeMap;

/** Every label and annotation that Tenantpool writes or reads. */
public final class Labels {
    /** Keys that begin with it belong to the operator. */
    public static final String PREFIX = "tenantpool.io/";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String MANAGED_BY_VALUE = "tenantpool";
    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String POOLER_CLUSTER = "tenantpool.io/pooler-cluster";
    public static final String CELL = "tenantpool.io/cell";
    public static final String LISTENER = "tenantpool.io/listener";
    /** On pods: whether the Service sends clients to it. */
    public static final String TRAFFIC = "tenantpool.io/traffic";

    public static final String TRAFFIC_ON = "on";
    public static final String TRAFFIC_OFF = "off";
    /** On Secrets: their owner lets Tenantpool read them. */
    public static final String CREDENTIALS = "tenantpool.io/credentials";

    public static final String CREDENTIALS_VALUE = "true";
    /** Annotation on pods: changing it makes the kubelet project the volumes again at once. */
    public static final String REVISION = "tenantpool.io/revision";

    /** Annotation on pods: the file that differs from pod to pod; with it, other pods find the pod's clients. */
    public static final String PEER = "tenantpool.io/peer";

    /** On Tenants: what holds up their deletion while clients that are connected finish. */
    public static final String DRAIN_FINALIZER = "tenantpool.io/drain";

    /** On Secrets: the connection strings of a Tenant. */
    public static final String BINDING = "tenantpool.io/binding";

    /** Annotation on pods: changes when everything that opens the console was lost and made anew. */
    public static final String CONSOLE_KEYS = "tenantpool.io/console-keys";

    /** Annotation on pods: up to when removed roles are unknown to them, as RFC 3339. */
    public static final String FORGOTTEN = "tenantpool.io/forgotten-at";

    /** Annotation on Deployments: a digest of the pod template that we applied. */
    public static final String TEMPLATE = "tenantpool.io/template";

    /** On namespaces: their name; the API server writes it, and nobody can take it for another. */
    public static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    /** On the operator's own pods. */
    public static final String COMPONENT = "tenantpool.io/component";

    public static final String COMPONENT_OPERATOR = "operator";

    public static final String SELECT_MANAGED = MANAGED_BY + "=" + MANAGED_BY_VALUE;
    public static final String SELECT_POOLER = SELECT_MANAGED + "," + LISTENER;
    public static final String SELECT_CREDENTIALS = CREDENTIALS + "=" + CREDENTIALS_VALUE;

    public static final String SELECT_BINDING = SELECT_MANAGED + "," + BINDING;

    private Labels() {}

    /** The labels that select the pods of one pooler and nothing else. */
    public static Map<String, String> selector(PoolerId pooler) {
        var labels = new TreeMap<String, String>();
        labels.put(POOLER_CLUSTER, pooler.cluster());
        labels.put(CELL, pooler.cell());
        labels.put(LISTENER, pooler.listener());
        return labels;
    }

    /** The labels of every object of one pooler. */
    public static Map<String, String> of(PoolerId pooler) {
        var labels = new TreeMap<>(selector(pooler));
        labels.put(MANAGED_BY, MANAGED_BY_VALUE);
        labels.put(NAME, "pgbouncer");
        labels.put(INSTANCE, pooler.cluster());
        return labels;
    }
}
