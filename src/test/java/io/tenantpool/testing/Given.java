package io.tenantpool.testing;

import static io.tenantpool.model.ClientTrust.PLAIN;
import static io.tenantpool.model.Standing.SERVING;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tenantpool.api.v1alpha1.LocalSecretRef;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterRef;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec;
import io.tenantpool.api.v1alpha1.Tenant;
import io.tenantpool.api.v1alpha1.TenantListener;
import io.tenantpool.api.v1alpha1.TenantSpec;
import io.tenantpool.api.v1alpha1.TenantUser;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.Admission;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.Door;
import io.tenantpool.model.DoorLimits;
import io.tenantpool.model.Finding;
import io.tenantpool.model.Forgetting;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.ListenerModel;
import io.tenantpool.model.Observed;
import io.tenantpool.model.Placed;
import io.tenantpool.model.PoolGrant;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerKeys;
import io.tenantpool.model.PoolerObservation;
import io.tenantpool.model.Role;
import io.tenantpool.model.Secret;
import io.tenantpool.model.ServerTls;
import io.tenantpool.model.TenantId;
import io.tenantpool.model.TenantModel;
import io.tenantpool.model.UpstreamModel;
import io.tenantpool.model.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Small, legal values to start a test from; a test changes only what it is about. */
public final class Given {
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    public static final PoolerKeys KEYS =
            new PoolerKeys(new Secret("0123456789abcdef0123456789abcdef"), new Secret("salt-of-a-test"));
    public static final UpstreamModel UPSTREAM = new UpstreamModel("default", "pg-rw.db.svc", 5432);

    private Given() {}

    /** A door with two pods, 20 connections for each tenant. */
    public static ListenerModel listener(String name, int port) {
        return new ListenerModel(name, "Transaction", Upstream.Role.Primary, port, 2, 2, null, 1000, 20, 60);
    }

    /** As {@link #listener}, but an autoscaler chooses 2 to 6 pods by a CPU utilisation of 70 %. */
    public static ListenerModel autoscaledListener(String name, int port, int grace) {
        return new ListenerModel(name, "Transaction", Upstream.Role.Primary, port, 2, 6, 70, 1000, 20, grace);
    }

    /** {@code poolers/main} with these doors, from port 6432 on. */
    public static ClusterModel cluster(String... listeners) {
        var models = new ArrayList<ListenerModel>();
        for (var name : listeners) {
            models.add(listener(name, 6432 + models.size()));
        }
        return PlannedWorld.model(models, Map.of(), Admission.OPEN, 500);
    }

    public static PoolerId pooler(String listener) {
        return new PoolerId("poolers", "main", PoolerId.FIRST_CELL, listener);
    }

    /** The Tenant {@code team-a/name} whose UID is {@code uid-name}. */
    public static TenantId id(String name) {
        return new TenantId("uid-" + name, "team-a", name);
    }

    /** A role whose Secret is {@code team-a/<name>-db}. */
    public static Role role(String name) {
        return new Role(name, new Secret("password of " + name), "team-a/" + name + "-db");
    }

    /** A tenant of the door {@code transaction} whose database, pool and only role carry its name. */
    public static TenantModel tenant(String name) {
        return tenant(name, name, role(name));
    }

    public static TenantModel tenant(String name, String poolName, Role... roles) {
        return tenantModel(
                id(name),
                1,
                "2026-01-01T00:00:00Z",
                poolName,
                poolName,
                UPSTREAM,
                List.of(roles),
                List.of(modelDoor("transaction", 20, null)));
    }

    /** As {@link #tenant(String)}, on a pooler. */
    public static Placed placed(String name) {
        return placed(name, name, role(name));
    }

    public static Placed placed(String name, String poolName, Role... roles) {
        return onePool(id(name), poolName, poolName, UPSTREAM, List.of(roles), 10, null);
    }

    /** A tenant on a pooler with nothing but a share and perhaps a limit of clients; its pool has twice the share. */
    public static Placed onePool(
            TenantId id,
            String poolName,
            String database,
            UpstreamModel upstream,
            List<Role> roles,
            int share,
            @Nullable Integer clients) {
        return new Placed(
                id,
                poolName,
                database,
                upstream,
                roles,
                new PoolGrant(2 * share, share, share, 0),
                new DoorLimits(clients, null, null),
                SERVING);
    }

    /** A tenant that shares its pods with others and is neither suspended nor drained. */
    public static TenantModel tenantModel(
            TenantId id,
            long generation,
            String created,
            String poolName,
            String database,
            UpstreamModel upstream,
            List<Role> roles,
            List<Door> doors) {
        return new TenantModel(id, generation, created, poolName, database, upstream, roles, doors, false, false, 0);
    }

    /** A door with nothing but a size and perhaps a limit of clients. */
    public static Door modelDoor(String listener, int poolSize, @Nullable Integer clients) {
        return new Door(listener, poolSize, 0, new DoorLimits(clients, null, null));
    }

    /** A pooler without limited roles and peers. */
    public static HeldPooler held(PoolerId id, List<Placed> tenants, SortedSet<String> roles) {
        return new HeldPooler(
                id, tenants, roles, new TreeSet<>(), new TreeMap<>(), false, Forgetting.NEVER, ServerTls.PLAIN);
    }

    public static PoolerContent poolerContent(
            PoolerId id,
            ListenerModel listener,
            List<Placed> tenants,
            SortedMap<String, Secret> tombstones,
            PoolerKeys keys) {
        return new PoolerContent(
                id,
                listener,
                tenants,
                tombstones,
                new TreeSet<>(),
                new TreeMap<>(),
                false,
                Forgetting.NEVER,
                ServerTls.PLAIN,
                keys);
    }

    /** A verdict on a tenant whose clients are let in. */
    public static Verdict verdict(
            TenantId id,
            long generation,
            @Nullable Finding finding,
            boolean served,
            @Nullable String credentialsVersion,
            List<Verdict.Endpoint> poolers,
            List<Role> roles,
            @Nullable String poolName) {
        return new Verdict(
                id, generation, finding, served, credentialsVersion, poolers, roles, poolName, SERVING, PLAIN);
    }

    /** At {@link #NOW}, one pod of the door {@code transaction} that may still serve these names. */
    public static Observed observed(String... stillServed) {
        return new Observed(
                NOW,
                Map.of(
                        pooler("transaction"),
                        new PoolerObservation(2, Set.of(stillServed), Map.of(), Set.of(), Set.of(), new TreeMap<>())),
                Set.of(),
                Set.of());
    }

    /** What the door {@code transaction} shall serve; without tombstones. */
    public static PoolerContent content(Placed... tenants) {
        return poolerContent(
                pooler("transaction"),
                listener("transaction", 6432),
                Arrays.stream(tenants)
                        .sorted(Comparator.comparing(Placed::poolName))
                        .toList(),
                new TreeMap<>(),
                KEYS);
    }

    /** The object of {@code poolers/main} with one upstream and nothing else. */
    public static PoolerCluster poolerCluster() {
        var cluster = new PoolerCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withNamespace("poolers")
                .withName("main")
                .withUid("uid-main")
                .withGeneration(3L)
                .build());
        cluster.setSpec(clusterSpec(List.of(upstream("default", new Upstream.Endpoint("pg-rw.db.svc", null, null)))));
        return cluster;
    }

    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    public static PoolerClusterSpec clusterSpec(List<Upstream> upstreams) {
        return new PoolerClusterSpec(null, null, upstreams, null, null, null, null, null, null);
    }

    @SuppressWarnings("NullAway") // what a YAML file leaves out is null
    public static Upstream upstream(String name, Upstream.Endpoint... endpoints) {
        return new Upstream(
                name,
                Upstream.Type.Static,
                new Upstream.StaticEndpoints(List.of(endpoints)),
                new Upstream.UpstreamTls(Upstream.TlsMode.Disable, null),
                null,
                null);
    }

    /** The object of {@link #tenant(String)} with this spec. */
    public static Tenant tenantObject(String name, TenantSpec spec) {
        var tenant = new Tenant();
        tenant.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team-a")
                .withName(name)
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .build());
        tenant.setSpec(spec);
        return tenant;
    }

    /** A spec with one user, {@code app}, whose Secret is {@code <database>-db}. */
    public static TenantSpec tenantSpec(String database) {
        return new TenantSpec(
                new PoolerClusterRef("main", "poolers"),
                TenantSpec.DEFAULT_UPSTREAM,
                database,
                null,
                List.of(user("app", database + "-db")),
                null,
                null,
                null,
                null);
    }

    /** A door that gives nothing but its size. */
    public static TenantListener door(String listener, int poolSize) {
        return new TenantListener(listener, poolSize, null, null, null, null);
    }

    public static TenantUser user(String name, String secret) {
        return new TenantUser(name, new LocalSecretRef(secret));
    }
}
