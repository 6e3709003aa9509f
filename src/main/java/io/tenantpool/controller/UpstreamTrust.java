package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.Upstream;
import io.tenantpool.model.CaCertificates;
import io.tenantpool.model.ClusterModel;
import io.tenantpool.model.HeldPooler;
import io.tenantpool.model.TrustDecision;
import io.tenantpool.model.TrustReport;
import io.tenantpool.upstream.ServerAddress;
import io.tenantpool.upstream.TlsWatch;
import io.tenantpool.upstream.Transport;
import io.tenantpool.upstream.UpstreamKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out by which CAs the servers of a PoolerCluster are verified. */
public final class UpstreamTrust {
    static final Duration EVERY = Duration.ofSeconds(30);
    static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final NamedSecrets secrets;
    private final Clock clock;
    private final TlsWatch watch;

    public UpstreamTrust(KubernetesClient client, Clock clock, TlsWatch watch) {
        this.secrets = new NamedSecrets(client, clock, EVERY, AFTER_TROUBLE);
        this.clock = clock;
        this.watch = watch;
    }

    /**
     * A PoolerCluster whose servers are verified as well as it is possible now.
     *
     * @param again when to look again although no event will come: nobody is told of a Secret without a label
     */
    public record Filled(ClusterModel model, TrustReport report, Optional<Duration> again) {}

    /** @param held what the poolers serve now */
    public Filled fill(PoolerCluster cluster, ClusterModel model, List<HeldPooler> held) {
        var wanted = model.serverTls().mode();
        var found = new HashMap<String, CaCertificates>();
        var troubles = new TreeMap<String, String>();
        Duration again = null;
        for (var upstream : Objects.requireNonNullElse(cluster.getSpec().upstreams(), List.<Upstream>of())) {
            if (!wanted.verifies()) {
                continue;
            }
            var ca = ca(cluster, upstream);
            if (ca.certificates() != null) {
                found.put(upstream.name(), ca.certificates());
            }
            if (ca.trouble() != null) {
                troubles.put(
                        upstream.name(), "spec.upstreams[" + upstream.name() + "].tls.caSecretRef: " + ca.trouble());
            }
            again = again == null || ca.again().compareTo(again) < 0 ? ca.again() : again;
        }
        var trust = new TrustDecision(wanted, found, model.upstreams().keySet()).decide(held);
        var trusted = model.withTrust(trust);
        watch(cluster, trusted);
        return new Filled(
                trusted,
                new TrustReport(
                        trust.tls(),
                        trust.untrusted(),
                        troubles,
                        watch.refused(cluster.getMetadata().getUid()),
                        new TreeSet<>()),
                Optional.ofNullable(again));
    }

    /** Poolers do not say why they turn away from a server. */
    private void watch(PoolerCluster cluster, ClusterModel model) {
        var meta = cluster.getMetadata();
        var wanted = new HashMap<TlsWatch.Watched, Transport>();
        if (model.serverTls().isEncrypted()) {
            Stream.concat(model.upstreams().values().stream(), model.replicas().values().stream())
                    .filter(upstream -> !model.untrusted().contains(upstream.name()))
                    .forEach(upstream -> {
                        var key = new UpstreamKey(meta.getUid(), meta.getNamespace(), meta.getName(), upstream.name());
                        for (var host : upstream.host().split(",", -1)) {
                            wanted.put(
                                    new TlsWatch.Watched(key, new ServerAddress(host, upstream.port())),
                                    Transport.of(model.serverTls(), upstream.name()));
                        }
                    });
        }
        watch.want(meta.getUid(), wanted);
    }

    /** Drops all that is known of a PoolerCluster. */
    public void forget(String clusterUid) {
        secrets.forget(clusterUid);
        watch.forget(clusterUid);
    }

    private record Ca(
            @Nullable CaCertificates certificates, @Nullable String trouble, Duration again) {}

    private Ca ca(PoolerCluster cluster, Upstream upstream) {
        var ref = upstream.tls() == null ? null : upstream.tls().caSecretRef();
        if (ref == null) { // an older schema lets it pass
            return new Ca(null, "is not set; name the Secret with the CA of the server, or choose another mode", EVERY);
        }
        var key = Objects.requireNonNullElse(ref.key(), Upstream.CaSecretRef.DEFAULT_KEY);
        var meta = cluster.getMetadata();
        var secret = new NamedSecrets.Ref(
                meta.getUid(), meta.getNamespace(), ref.name(), Set.of(key), "the CA's certificate in its key " + key);
        var read = secrets.read(secret);
        var left = Duration.between(clock.instant(), read.again());
        var again = left.compareTo(SOON) < 0 ? SOON : left;
        var data = read.data();
        if (data == null) {
            return new Ca(null, read.trouble(), again);
        }
        var text = data.get(key);
        if (text == null) {
            return new Ca(
                    null, "Secret %s has no key '%s'; put the CA's certificate there".formatted(secret, key), again);
        }
        try {
            return new Ca(CaCertificates.parse(text), read.trouble(), again);
        } catch (CaCertificates.Unusable e) {
            return new Ca(null, "key '%s' of Secret %s: %s".formatted(key, secret, e.getMessage()), again);
        }
    }
}
