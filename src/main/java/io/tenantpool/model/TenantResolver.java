package io.tenantpool.model;

import static io.tenantpool.model.Finding.keeping;
import static io.tenantpool.model.Finding.revoking;

import io.tenantpool.api.v1alpha1.Reason;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantListener;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.api.v1alpha1.TenantUser;
import io.tenantpool.model.Resolution.Refused;
import io.tenantpool.model.Resolution.Resolved;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Turns a Tenant into a {@link TenantModel}, or says what is wrong with it. */
public final class TenantResolver {
    private final ClusterModel cluster;
    private final NamespaceRule rule;
    private final Map<String, Map<String, String>> namespaceLabels;
    private final CredentialsLookup credentials;
    private final TenantCheck check;

    /**
     * @param namespaceLabels the labels of each namespace
     * @param check what the engine can't serve
     */
    public TenantResolver(
            ClusterModel cluster,
            NamespaceRule rule,
            Map<String, Map<String, String>> namespaceLabels,
            CredentialsLookup credentials,
            TenantCheck check) {
        this.cluster = cluster;
        this.rule = rule;
        this.namespaceLabels = namespaceLabels;
        this.credentials = credentials;
        this.check = check;
    }

    public Resolution resolve(Tenant tenant) {
        var meta = tenant.getMetadata();
        var id = new TenantId(meta.getUid(), meta.getNamespace(), meta.getName());
        long generation = Objects.requireNonNullElse(meta.getGeneration(), 0L);
        var created = Objects.requireNonNullElse(meta.getCreationTimestamp(), "");
        try {
            return new Resolved(resolve(id, generation, created, tenant.getSpec()));
        } catch (FindingException e) {
            return new Refused(id, generation, created, e.finding);
        }
    }

    private TenantModel resolve(TenantId id, long generation, String created, TenantSpec spec) throws FindingException {
        if (!rule.admits(id.namespace(), namespaceLabels.getOrDefault(id.namespace(), Map.of()))) {
            throw new FindingException(notFound(cluster.namespace(), cluster.name(), id.namespace()));
        }
        var poolName = spec.poolName() == null ? spec.database() : spec.poolName();
        var roles = roles(id, spec.users());
        var model = new TenantModel(
                id,
                generation,
                created,
                poolName,
                spec.database(),
                upstream(spec),
                roles,
                doors(spec, roles.size()),
                spec.isolation() == TenantSpec.Isolation.Dedicated,
                Boolean.TRUE.equals(spec.suspend()),
                Objects.requireNonNullElse(spec.drainTimeoutSeconds(), 0));
        var finding = check.check(model);
        if (finding.isPresent()) {
            throw new FindingException(finding.get());
        }
        return model;
    }

    /** Absent and forbidden look the same, so that nobody can probe for PoolerClusters of others. */
    public static Finding notFound(String namespace, String name, String tenantNamespace) {
        return revoking(
                Reason.PoolerClusterNotFound,
                ("spec.poolerClusterRef: there is no PoolerCluster %s/%s that admits Tenants of namespace %s; check the"
                                + " name, or ask its owner to admit the namespace in spec.allowedTenants")
                        .formatted(namespace, name, tenantNamespace));
    }

    private UpstreamModel upstream(TenantSpec spec) throws FindingException {
        var name = spec.upstream() == null ? "default" : spec.upstream();
        var found = cluster.upstreams().get(name);
        if (found == null) {
            throw new FindingException(keeping(
                    Reason.UpstreamNotFound,
                    "spec.upstream: the PoolerCluster has no upstream '%s'; it has %s"
                            .formatted(
                                    name,
                                    cluster.upstreams().keySet().stream()
                                            .sorted()
                                            .toList())));
        }
        return found;
    }

    private List<Role> roles(TenantId id, List<TenantUser> users) throws FindingException {
        var roles = new LinkedHashMap<String, Role>();
        for (var user : users == null ? List.<TenantUser>of() : users) {
            var field = "spec.users[" + user.name() + "].credentialsSecretRef.name";
            var role = role(id, user.credentialsSecretRef().name(), field);
            if (roles.put(role.name(), role) != null) {
                throw new FindingException(keeping(
                        Reason.CredentialsInvalid,
                        field + ": two users of this Tenant name the same role; remove one of them"));
            }
        }
        if (roles.isEmpty()) {
            throw new FindingException(
                    keeping(Reason.CredentialsNotFound, "spec.users: name at least one user with credentials"));
        }
        return List.copyOf(roles.values());
    }

    private Role role(TenantId id, String secretName, String field) throws FindingException {
        var data = credentials.find(id.namespace(), secretName);
        if (data.isEmpty()) {
            throw new FindingException(keeping(
                    Reason.CredentialsNotFound,
                    ("%s: there is no Secret '%s' with the label tenantpool.io/credentials=true in namespace %s; create"
                                    + " it, or: kubectl -n %s label secret %s tenantpool.io/credentials=true")
                            .formatted(field, secretName, id.namespace(), id.namespace(), secretName)));
        }
        var source = id.namespace() + "/" + secretName;
        return new Role(
                entry(data.get(), "username", source, field),
                new Secret(entry(data.get(), "password", source, field)),
                source);
    }

    private static String entry(Map<String, String> data, String key, String source, String field)
            throws FindingException {
        var value = data.get(key);
        if (value == null || value.isEmpty()) {
            throw new FindingException(keeping(
                    Reason.CredentialsInvalid,
                    "%s: Secret %s has no '%s'; it needs the keys username and password (type kubernetes.io/basic-auth)"
                            .formatted(field, source, key)));
        }
        return value;
    }

    /** A Tenant that names no door gets every one that its upstream has a server for. */
    private List<Door> doors(TenantSpec spec, int users) throws FindingException {
        var upstream = upstream(spec).name();
        var wanted = spec.listeners();
        var doors = new ArrayList<Door>();
        if (wanted == null || wanted.isEmpty()) {
            for (var listener : cluster.listeners()) {
                if (cluster.server(listener, upstream).isPresent()) {
                    var size = fitting(listener, listener.defaultPoolSize(), users);
                    doors.add(new Door(listener.name(), size, 0, DoorLimits.NONE));
                }
            }
            return doors;
        }
        for (var listener : wanted) {
            doors.add(door(listener, upstream, users));
        }
        return doors;
    }

    private Door door(TenantListener wanted, String upstream, int users) throws FindingException {
        var field = "spec.listeners[" + wanted.name() + "]";
        var listener = cluster.listener(wanted.name())
                .orElseThrow(() -> new FindingException(keeping(
                        Reason.ListenerNotFound,
                        field + ".name: the PoolerCluster has no such listener; it has "
                                + cluster.listeners().stream()
                                        .map(ListenerModel::name)
                                        .sorted()
                                        .toList())));
        if (cluster.server(listener, upstream).isEmpty()) {
            throw new FindingException(keeping(
                    Reason.NoReplica,
                    ("%s.name: this listener leads to read-only servers, and upstream '%s' has no endpoint with role"
                                    + " Replica; remove the listener from the Tenant, or have a replica added")
                            .formatted(field, upstream)));
        }
        int poolSize = Objects.requireNonNullElse(wanted.poolSize(), listener.defaultPoolSize());
        int minIdle = Objects.requireNonNullElse(wanted.minIdle(), 0);
        if (minIdle > poolSize) {
            throw new FindingException(keeping(
                    Reason.PoolSizeInvalid,
                    "%s.minIdle: %d is more than the pool's %d connections; lower it, or set a larger poolSize"
                            .formatted(field, minIdle, poolSize)));
        }
        return new Door(
                listener.name(),
                fitting(listener, poolSize, users, field),
                minIdle,
                new DoorLimits(
                        wanted.maxClientConnectionsPerPod(),
                        wanted.queryWaitTimeoutSeconds(),
                        wanted.idleTransactionTimeoutSeconds()));
    }

    private static int fitting(ListenerModel listener, int poolSize, int users) throws FindingException {
        return fitting(listener, poolSize, users, "spec.listeners[" + listener.name() + "]");
    }

    private static int fitting(ListenerModel listener, int poolSize, int users, String field) throws FindingException {
        if (listener.share(poolSize) < users) {
            throw new FindingException(keeping(
                    Reason.PoolSizeInvalid,
                    ("%s.poolSize: %d connections over %d pods leave %d per pod, fewer than the %d users; set at least"
                                    + " %d")
                            .formatted(
                                    field,
                                    poolSize,
                                    listener.replicas(),
                                    listener.share(poolSize),
                                    users,
                                    listener.smallest(users))));
        }
        return poolSize;
    }

    private static final class FindingException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Finding finding;

        FindingException(Finding finding) {
            super(null, null, false, false);
            this.finding = finding;
        }
    }
}
