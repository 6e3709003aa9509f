package io.tenantpool.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tenantpool.api.v1alpha1.ClientTlsMode;
import io.tenantpool.api.v1alpha1.PoolerCluster;
import io.tenantpool.api.v1alpha1.PoolerClusterSpec.ClientTls;
import io.tenantpool.certificate.Authorities;
import io.tenantpool.certificate.ServerCertificates;
import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.CertificateReport;
import io.tenantpool.model.ClientTrust;
import io.tenantpool.model.Plan;
import io.tenantpool.model.PoolerContent;
import io.tenantpool.model.PoolerId;
import io.tenantpool.model.PoolerTls;
import io.tenantpool.naming.Names;
import io.tenantpool.observe.Meters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gives every pooler a certificate of its own, or the one that its PoolerCluster names. */
public final class PoolerCertificates {
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How often a named certificate is read: soon enough for a renewal that comes days before the end. */
    private static final Duration EVERY = Duration.ofSeconds(30);

    private static final Set<String> ENTRIES = Set.of("tls.crt", "tls.key", "ca.crt");
    private static final String NEEDS = "tls.crt, tls.key and ca.crt (type kubernetes.io/tls), or remove the field";

    private final Clock clock;
    private final AuthoritySecrets authorities;
    private final NamedSecrets named;
    private final Map<PoolerId, Chosen> choices = new ConcurrentHashMap<>();

    public PoolerCertificates(KubernetesClient client, Clock clock, Authorities.Lifetimes lifetimes, Meters meters) {
        this.clock = clock;
        this.authorities = new AuthoritySecrets(client, clock, lifetimes, meters);
        this.named = new NamedSecrets(client, clock, EVERY, SOON);
    }

    /**
     * What a PoolerCluster's certificates are made from.
     *
     * @param issued the certificates of the operator's own authorities, PEM
     * @param held how each of its poolers meets clients now
     * @param named what its Secret held, or null when it names none
     */
    record Ground(
            ClientTrust trust,
            Authorities authorities,
            String issued,
            Map<PoolerId, PoolerTls> held,
            NamedSecrets.@Nullable Read named) {}

    /**
     * A plan whose poolers have certificates.
     *
     * @param again when something about them is due
     */
    record Certified(Plan plan, CertificateReport report, Duration again) {}

    /** What a choice follows from, beside the time. */
    private record Reasons(
            @Nullable CertificatePair held,
            String heldAuthorities,
            Map<String, String> entries,
            @Nullable String trouble,
            boolean named,
            String issued) {}

    private record Chosen(Reasons reasons, ServerCertificates.Choice choice) {}

    void gone(PoolerId id) {
        choices.remove(id);
    }

    void forget(String namespace, String cluster, String clusterUid) {
        choices.keySet()
                .removeIf(id -> id.namespace().equals(namespace) && id.cluster().equals(cluster));
        authorities.forget(clusterUid);
        named.forget(clusterUid);
    }

    Ground ground(PoolerCluster cluster, HeldPoolers.Held held, Conflicts conflicts) {
        var meta = cluster.getMetadata();
        var published = new TreeSet<String>();
        held.tls().values().stream()
                .map(PoolerTls::authorities)
                .filter(pem -> !pem.isEmpty())
                .forEach(published::add);
        var own = authorities.of(cluster, conflicts, published);
        var ref = certificateRef(cluster);
        var read = ref == null
                ? null
                : named.read(new NamedSecrets.Ref(meta.getUid(), meta.getNamespace(), ref, ENTRIES, NEEDS));
        var issued = own.published(clock.instant());
        // What is served stays known, also while its Secret is gone or holds another authority already.
        var vouching = new LinkedHashSet<String>();
        vouching.add(issued);
        vouching.add(
                read == null ? "" : ServerCertificates.authorities(entries(read).get("ca.crt")));
        held.tls().values().forEach(tls -> vouching.add(tls.named()));
        var bundle = String.join("", vouching);
        return new Ground(new ClientTrust(mode(cluster), bundle), own, issued, held.tls(), read);
    }

    /** Gives each pooler its certificate. */
    Certified certify(Plan plan, Ground ground) {
        var now = clock.instant();
        var until = Instant.MAX;
        var due = now.plus(ground.named() == null ? Duration.ofDays(1) : EVERY);
        Optional<String> problem = Optional.empty();
        var poolers = new ArrayList<PoolerContent>();
        for (var content : plan.poolers()) {
            var before = ground.held().getOrDefault(content.id(), PoolerTls.PLAIN);
            var choice = choose(content.id(), before, ground, now);
            until = earlier(until, choice.until());
            due = earlier(due, choice.again());
            problem = problem.or(choice::problem);
            var tls = new PoolerTls(
                    ground.trust().mode(),
                    choice.pair(),
                    earlierThan(choice.pair().fingerprint(), before),
                    ground.issued(),
                    choice.authorities());
            poolers.add(content.withTls(tls));
        }
        var wait = Duration.between(now, due);
        return new Certified(
                plan.withPoolers(poolers),
                new CertificateReport(
                        ground.trust().mode(),
                        problem.map(text -> "spec.tls.certificateSecretRef: " + text),
                        until,
                        ground.named() == null),
                wait.compareTo(SOON) < 0 ? SOON : wait);
    }

    /** Checking a certificate costs about as much as everything else of a plan, and seldom brings news. */
    private ServerCertificates.Choice choose(PoolerId id, PoolerTls before, Ground ground, Instant now) {
        var read = ground.named();
        var reason = new Reasons(
                before.served(),
                before.named(),
                read == null ? Map.of() : entries(read),
                read == null ? null : read.trouble(),
                read != null,
                ground.issued());
        var known = choices.get(id);
        if (known != null
                && known.reasons().equals(reason)
                && now.isBefore(known.choice().again())) {
            return known.choice();
        }
        var choice = fresh(id, before, ground, now);
        choices.put(id, new Chosen(reason, choice));
        return choice;
    }

    private static ServerCertificates.Choice fresh(PoolerId id, PoolerTls before, Ground ground, Instant now) {
        var read = ground.named();
        return ServerCertificates.choose(
                before.served(),
                before.named(),
                read == null
                        ? null
                        : new ServerCertificates.Named(
                                entries(read).get("tls.crt"),
                                entries(read).get("tls.key"),
                                entries(read).get("ca.crt"),
                                read.trouble()),
                ground.authorities(),
                Names.host(id),
                Names.hosts(id),
                now);
    }

    private static List<String> earlierThan(String fingerprint, PoolerTls before) {
        var known = new ArrayList<String>();
        if (before.served() != null) {
            known.add(before.served().fingerprint());
        }
        known.addAll(before.earlier());
        known.removeIf(fingerprint::equals);
        return List.copyOf(known.subList(0, Math.min(known.size(), PoolerTls.REMEMBERED)));
    }

    private static Map<String, String> entries(NamedSecrets.Read read) {
        return Objects.requireNonNullElse(read.data(), Map.of());
    }

    private static @Nullable String certificateRef(PoolerCluster cluster) {
        var tls = cluster.getSpec().tls();
        var ref = tls == null ? null : tls.certificateSecretRef();
        return ref == null ? null : ref.name();
    }

    private static ClientTlsMode mode(PoolerCluster cluster) {
        var tls = cluster.getSpec().tls();
        return tls == null ? ClientTls.DEFAULT_MODE : Objects.requireNonNullElse(tls.mode(), ClientTls.DEFAULT_MODE);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
