package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Upstream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides which servers poolers believe. A CA that vanished or broke takes nobody down: the last good one, which stands
 * in the files of the poolers, goes on.
 */
public final class TrustDecision {
    private final Upstream.TlsMode wanted;
    private final Map<String, CaCertificates> found;
    private final Collection<String> upstreams;

    /**
     * @param found what the Secrets hold now, by the name of the upstream; of those alone that can be used
     * @param upstreams all that the PoolerCluster has
     */
    public TrustDecision(Upstream.TlsMode wanted, Map<String, CaCertificates> found, Collection<String> upstreams) {
        this.wanted = wanted;
        this.found = Map.copyOf(found);
        this.upstreams = List.copyOf(upstreams);
    }

    /**
     * What is believed.
     *
     * @param untrusted upstreams that nobody new is let in to, since nothing verifies their servers as it was asked for
     */
    public record Trust(ServerTls tls, Set<String> untrusted) {}

    /** @param held what the poolers serve now */
    public Trust decide(List<HeldPooler> held) {
        if (!wanted.verifies()) {
            return new Trust(new ServerTls(wanted, new TreeMap<>()), Set.of());
        }
        var before = before(held);
        var authorities = new TreeMap<String, SortedSet<String>>();
        var untrusted = new TreeSet<String>();
        for (var upstream : upstreams) {
            var now = found.get(upstream);
            var certificates =
                    now == null ? before.map(tls -> tls.authorities().get(upstream)) : Optional.of(now.pem());
            certificates.ifPresentOrElse(known -> authorities.put(upstream, known), () -> untrusted.add(upstream));
        }
        if (!untrusted.isEmpty()
                && before.isPresent()
                && before.get().mode() != wanted
                && !before.get().verifies()) {
            // Tenants that are served would lose their server: the mode changes when all of it can.
            return new Trust(before.get(), Set.copyOf(upstreams));
        }
        keepRemoved(held, before, authorities);
        return new Trust(new ServerTls(wanted, authorities), untrusted);
    }

    /** A tenant whose upstream was taken out of the spec keeps its last good content, and that leads to its server. */
    private void keepRemoved(
            List<HeldPooler> held, Optional<ServerTls> before, Map<String, SortedSet<String>> authorities) {
        var known = before.map(ServerTls::authorities).orElseGet(TreeMap::new);
        held.stream()
                .flatMap(pooler -> pooler.tenants().stream())
                .map(tenant -> tenant.upstream().name())
                .distinct()
                .filter(upstream -> !upstreams.contains(upstream))
                .forEach(upstream -> {
                    var certificates = known.get(upstream);
                    if (certificates != null) {
                        authorities.put(upstream, certificates);
                    }
                });
    }

    /** All poolers of a PoolerCluster have the same, but those that serve nobody say nothing. */
    private static Optional<ServerTls> before(List<HeldPooler> held) {
        return held.stream()
                .filter(pooler -> !pooler.tenants().isEmpty())
                .map(HeldPooler::serverTls)
                .reduce(TrustDecision::merged);
    }

    /** Writes of several Secrets take turns: what any of them has was good. */
    private static ServerTls merged(ServerTls one, ServerTls other) {
        if (one.equals(other)) {
            return one;
        }
        var authorities = new TreeMap<>(one.authorities());
        other.authorities()
                .forEach((upstream, certificates) -> authorities.merge(upstream, certificates, (a, b) -> {
                    var both = new TreeSet<>(a);
                    both.addAll(b);
                    return both;
                }));
        return new ServerTls(one.verifies() ? one.mode() : other.mode(), authorities);
    }
}
