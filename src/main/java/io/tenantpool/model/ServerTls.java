package io.tenantpool.model;

import io.tenantpool.api.v1alpha1.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How the poolers of a PoolerCluster reach its servers, all of them: a pooler has one mode and one list of CAs for every
 * connection that it opens.
 *
 * @param authorities certificates of CAs in PEM, by the name of the upstream whose servers they verify; empty when the
 *     mode verifies nobody
 */
public record ServerTls(Upstream.TlsMode mode, SortedMap<String, SortedSet<String>> authorities) {
    /** Nothing is encrypted. */
    public static final ServerTls PLAIN = new ServerTls(Upstream.TlsMode.Disable, new TreeMap<>());

    private static final String TITLE =
            "# CA certificates for servers of PostgreSQL, each below the upstreams it is for\n";
    private static final String NAMES = "# upstreams: ";
    private static final Pattern ENTRY = Pattern.compile(
            "^" + NAMES + "([-a-z0-9 ]+)\n(-----BEGIN CERTIFICATE-----\n[^-]*+-----END CERTIFICATE-----\n)",
            Pattern.MULTILINE);

    public ServerTls {
        authorities = Collections.unmodifiableSortedMap(new TreeMap<>(authorities));
    }

    public boolean isEncrypted() {
        return mode != Upstream.TlsMode.Disable;
    }

    /** Whether a server without a certificate of a known CA is refused. */
    public boolean verifies() {
        return mode.verifies();
    }

    /** Whether its certificate has to be for the host that was asked for, too. */
    public boolean verifiesHost() {
        return mode == Upstream.TlsMode.VerifyFull;
    }

    /** The certificates, in PEM, that verify the servers of an upstream; empty when nothing does. */
    public String authorities(String upstream) {
        return String.join("", authorities.getOrDefault(upstream, new TreeSet<>()));
    }

    /** A file of all certificates, sorted; it says what each is for, so that {@link #read} gets back the same. */
    public String bundle() {
        var names = new TreeMap<String, List<String>>();
        authorities.forEach((upstream, certificates) -> certificates.forEach(certificate ->
                names.computeIfAbsent(certificate, c -> new ArrayList<>()).add(upstream)));
        var text = new StringBuilder(TITLE);
        names.forEach((certificate, upstreams) -> text.append(NAMES)
                .append(String.join(" ", upstreams))
                .append('\n')
                .append(certificate));
        return text.toString();
    }

    /** What {@link #bundle} wrote; anything else in it is passed over. */
    public static ServerTls read(Upstream.TlsMode mode, String bundle) {
        var authorities = new TreeMap<String, SortedSet<String>>();
        var entries = ENTRY.matcher(bundle);
        while (entries.find()) {
            for (var upstream : entries.group(1).split(" ", -1)) {
                authorities.computeIfAbsent(upstream, name -> new TreeSet<>()).add(entries.group(2));
            }
        }
        return new ServerTls(mode, authorities);
    }
}
