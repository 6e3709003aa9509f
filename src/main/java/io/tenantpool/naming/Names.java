package io.tenantpool.naming;

import io.tenantpool.model.PoolerId;
import java.util.List;

/**
 * Every object name. A listener's name holds no dash and starts with a letter, and the name of a cell after the first
 * begins with a digit, so that {@code main} + {@code transaction} can never meet another pair's name.
 */
public final class Names {
    public static final String FIELD_MANAGER = "tenantpool";
    /** Owns the finalizer of a Tenant that wants its clients to finish. */
    public static final String DRAIN_FIELD_MANAGER = "tenantpool-drain";

    public static final String STATUS_FIELD_MANAGER = "tenantpool-status";

    /** Holds the number of pods from the moment that we let go of it until an autoscaler takes it. */
    public static final String HANDOVER_FIELD_MANAGER = "tenantpool-handover";

    private Names() {}

    /** The Deployment and what goes with it: Service, Secret, ServiceAccount, PodDisruptionBudget, NetworkPolicy, autoscaler. */
    public static String pooler(PoolerId id) {
        var base = id.cluster() + "-" + id.listener();
        return PoolerId.FIRST_CELL.equals(id.cell()) ? base : base + "-" + id.cell();
    }

    /** The Secret with a PoolerCluster's own certificate authority; a dot, which no name of a PoolerCluster has. */
    public static String authority(String cluster) {
        return cluster + ".ca";
    }

    /** The immutable ConfigMap with the settings whose hash is {@code hash}. */
    public static String settings(PoolerId id, String hash) {
        return pooler(id) + "-settings-" + hash;
    }

    /** The host name that clients use; it resolves in every cluster, whatever its domain. */
    public static String host(PoolerId id) {
        return pooler(id) + "." + id.namespace() + ".svc";
    }

    /** Every host name that may lead clients to a pooler inside of the cluster, {@link #host} first. */
    public static List<String> hosts(PoolerId id) {
        var name = pooler(id) + "." + id.namespace();
        return List.of(host(id), host(id) + ".cluster.local", name, pooler(id));
    }

    /** The servicebinding.io Secret of a Tenant. */
    public static String binding(String tenant) {
        return tenant + "-pooler";
    }
}
