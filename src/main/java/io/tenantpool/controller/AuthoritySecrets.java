package io.tenantpool.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.certificate.Authorities;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import io.tenantpool.resource.AuthoritySecret;
import io.tenantpool.resource.PoolerSecret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps the certificate authority of each PoolerCluster in a Secret of its own, and has it renewed in time. */
final class AuthoritySecrets {
    /** Nobody else writes it; whether somebody deleted it is looked at this often. */
    private static final Duration EVERY = Duration.ofMinutes(5);

    private static final Logger LOG = Logger.getLogger(AuthoritySecrets.class);

    private final KubernetesClient client;
    private final Clock clock;
    private final Authorities.Lifetimes lifetimes;
    private final Meters meters;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    AuthoritySecrets(KubernetesClient client, Clock clock, Authorities.Lifetimes lifetimes, Meters meters) {
        this.client = client;
        this.clock = clock;
        this.lifetimes = lifetimes;
        this.meters = meters;
    }

    private record Known(Authorities authorities, @Nullable Secret secret, Instant again) {}

    /**
     * The authorities, made or renewed if it is time.
     *
     * @param conflicts is told of a Secret of that name that is somebody else's; the authority is in memory alone then
     * @param published what poolers held as their authorities: clients know them by these, even if the Secret is lost
     */
    Authorities of(PoolerCluster cluster, Conflicts conflicts, Iterable<String> published) {
        var now = clock.instant();
        var uid = cluster.getMetadata().getUid();
        var before = known.get(uid);
        if (before == null || !now.isBefore(before.again())) {
            before = live(cluster, before, now);
        }
        var authorities = before.authorities();
        for (var pem : published) {
            authorities = authorities.alsoPublishing(pem);
        }
        var renewed = authorities.renewed(name(cluster), now);
        var secret = before.secret();
        if (secret != null && !Ownership.isOurs(secret, cluster)) {
            conflicts.add(secret);
        } else if (secret == null || renewed != authorities) {
            known.remove(uid); // a write that fails is begun again from what is there
            secret = write(cluster, renewed, secret, now);
        }
        known.put(uid, new Known(renewed, secret, before.again()));
        return renewed;
    }

    void forget(String clusterUid) {
        known.remove(clusterUid);
    }

    private Known live(PoolerCluster cluster, @Nullable Known before, Instant now) {
        var namespace = cluster.getMetadata().getNamespace();
        var name = Names.authority(cluster.getMetadata().getName());
        var secret = client.secrets().inNamespace(namespace).withName(name).get();
        var again = now.plus(EVERY);
        var last = before == null ? Authorities.read(Map.of(), lifetimes) : before.authorities();
        if (secret == null || !Ownership.isOurs(secret, cluster)) {
            return new Known(last, secret, again); // if somebody deleted it, what we know is written again
        }
        try {
            var read = Authorities.read(PoolerSecret.entries(secret), lifetimes);
            if (!read.isEmpty()) {
                return new Known(read, secret, again);
            }
            LOG.warnf("Secret %s/%s was emptied by somebody; it is written again", namespace, name);
        } catch (IllegalArgumentException e) {
            LOG.warnf(
                    "Secret %s/%s was changed by somebody (%s); it is written again", namespace, name, e.getMessage());
        }
        var renewed = last.renewed(name(cluster), now);
        return new Known(renewed, write(cluster, renewed, secret, now), again);
    }

    private static String name(PoolerCluster cluster) {
        return cluster.getMetadata().getNamespace() + "/"
                + cluster.getMetadata().getName();
    }

    private Secret write(PoolerCluster cluster, Authorities authorities, @Nullable Secret before, Instant now) {
        var desired = AuthoritySecret.desired(cluster, authorities.entries(now));
        if (before == null) {
            meters.objectWritten("Secret", "create");
            return client.resource(desired).create();
        }
        meters.objectWritten("Secret", "update");
        return client.resource(new SecretBuilder(desired)
                        .editMetadata()
                        .withResourceVersion(before.getMetadata().getResourceVersion())
                        .endMetadata()
                        .build())
                .update();
    }
}
