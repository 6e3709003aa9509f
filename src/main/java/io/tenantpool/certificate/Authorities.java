package io.tenantpool.certificate;

import io.tenantpool.model.CertificatePair;
import io.tenantpool.model.Secret;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The certificate authorities of one PoolerCluster. There are two while one follows another: the newer one is published
 * long before it signs anything, so that clients know it by then. Everything follows from the dates in the certificates.
 * Immutable.
 */
public final class Authorities {
    private static final String CERTIFICATE = "authority-%d.crt";
    private static final String KEY = "authority-%d.key";
    private static final Comparator<Authority> OLDEST_FIRST =
            Comparator.comparing(authority -> authority.certificate().getNotBefore());

    private final List<Authority> known;
    private final List<X509Certificate> strangers;
    private final Lifetimes lifetimes;

    private Authorities(List<Authority> known, List<X509Certificate> strangers, Lifetimes lifetimes) {
        this.known = known.stream().sorted(OLDEST_FIRST).toList();
        this.strangers = List.copyOf(strangers);
        this.lifetimes = lifetimes;
    }

    record Authority(X509Certificate certificate, PrivateKey key) {}

    /**
     * How long things last.
     *
     * @param authority of an authority; it is followed when a third of it is left
     * @param overlap for which a new authority is published before it signs, unless it is the only one
     * @param server of a server's certificate; it is renewed when a third of it is left
     */
    public record Lifetimes(Duration authority, Duration overlap, Duration server) {}

    /**
     * Reads what {@link #entries} wrote.
     *
     * @throws IllegalArgumentException when it was changed by somebody; the message holds nothing secret
     */
    public static Authorities read(Map<String, String> entries, Lifetimes lifetimes) {
        var known = new ArrayList<Authority>();
        for (var number = 0; entries.containsKey(CERTIFICATE.formatted(number)); number++) {
            var certificates = Pem.certificates(entries.getOrDefault(CERTIFICATE.formatted(number), ""));
            var key = Pem.key(entries.getOrDefault(KEY.formatted(number), ""));
            if (certificates.size() != 1
                    || !PairCheck.matches(certificates.get(0).getPublicKey(), key)) {
                throw new IllegalArgumentException("a certificate authority and its key do not go together");
            }
            known.add(new Authority(certificates.get(0), key));
        }
        return new Authorities(known, List.of(), lifetimes);
    }

    /** Whether there is none with a key. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** What to store: certificates and keys, and {@code ca.crt} for whoever wants to know the poolers. */
    public SortedMap<String, Secret> entries(Instant now) {
        var entries = new TreeMap<String, Secret>();
        for (var number = 0; number < known.size(); number++) {
            var authority = known.get(number);
            entries.put(CERTIFICATE.formatted(number), new Secret(Pem.write(List.of(authority.certificate()))));
            entries.put(KEY.formatted(number), Pem.write(authority.key()));
        }
        entries.put("ca.crt", new Secret(published(now)));
        return entries;
    }

    /**
     * With authorities whose key is lost but whose certificates clients still know the poolers by.
     *
     * @param pem as {@link #published} gave it before; what cannot be read is passed over
     */
    public Authorities alsoPublishing(String pem) {
        var others = new LinkedHashSet<>(strangers);
        try {
            others.addAll(Pem.certificates(pem));
        } catch (IllegalArgumentException e) {
            return this;
        }
        known.forEach(authority -> others.remove(authority.certificate()));
        return new Authorities(known, List.copyOf(others), lifetimes);
    }

    /** With a successor if it is time for one, and without those that are over; the same when there is nothing to do. */
    public Authorities renewed(String name, Instant now) {
        var valid = known.stream()
                .filter(authority -> isValid(authority.certificate(), now))
                .toList();
        var newest = valid.isEmpty() ? null : valid.get(valid.size() - 1);
        if (newest != null && now.isBefore(renewAt(newest.certificate()))) {
            return valid.size() == known.size() ? this : new Authorities(valid, strangers, lifetimes);
        }
        var more = new ArrayList<>(valid);
        more.add(Issuer.authority(name, now, lifetimes.authority()));
        return new Authorities(more, strangers, lifetimes);
    }

    /** PEM of every certificate by which clients may meet a pooler now or soon. */
    public String published(Instant now) {
        var certificates = new ArrayList<X509Certificate>();
        known.forEach(authority -> certificates.add(authority.certificate()));
        certificates.addAll(strangers);
        return Pem.write(certificates.stream()
                .filter(certificate -> isValid(certificate, now))
                .toList());
    }

    /** Whether clients that know what is published take this certificate. */
    boolean vouchFor(X509Certificate certificate, Instant now) {
        var all = new ArrayList<>(strangers);
        known.forEach(authority -> all.add(authority.certificate()));
        return all.stream().filter(one -> isValid(one, now)).anyMatch(one -> PairCheck.signed(certificate, one));
    }

    /** @throws IllegalStateException when there is no authority; {@link #renewed} makes one */
    CertificatePair issue(List<String> hosts, Instant now) {
        return Issuer.server(signing(now), hosts, now, lifetimes.server());
    }

    /** When a certificate of ours is to be followed by another: when a third of its time is left. */
    static Instant renewAt(X509Certificate certificate) {
        var begin = made(certificate);
        var end = certificate.getNotAfter().toInstant();
        return end.minus(Duration.between(begin, end).dividedBy(3));
    }

    private Authority signing(Instant now) {
        return known.stream()
                .filter(authority ->
                        !made(authority.certificate()).plus(lifetimes.overlap()).isAfter(now))
                .max(OLDEST_FIRST)
                .or(() -> Optional.ofNullable(known.isEmpty() ? null : known.get(0)))
                .orElseThrow(() -> new IllegalStateException("there is no certificate authority"));
    }

    /** Valid a little earlier, since clocks differ. */
    private static Instant made(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(Issuer.EARLIER);
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        return now.isBefore(certificate.getNotAfter().toInstant());
    }
}
