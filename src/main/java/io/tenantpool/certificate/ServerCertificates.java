package io.tenantpool.certificate;

import io.tenantpool.model.CertificatePair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which certificate a pooler serves. A bad one that somebody named stops nobody: the last good one stays. */
public final class ServerCertificates {
    /** Before its end, so that somebody has time to see to it. */
    private static final Duration WARNING = Duration.ofDays(14);

    private ServerCertificates() {}

    /**
     * A pair that somebody named, as it was found.
     *
     * @param trouble why it could not be read; what was read before may stand beside it
     */
    public record Named(
            @Nullable String certificate,
            @Nullable String key,
            @Nullable String authorities,
            @Nullable String trouble) {}

    /**
     * What to serve.
     *
     * @param authorities PEM of those that came with it; empty when the operator issued it
     * @param problem of the pair that was named, with the remedy
     * @param until the end of what is served
     * @param again when something is due: a renewal, or a warning
     */
    public record Choice(
            CertificatePair pair, String authorities, Optional<String> problem, Instant until, Instant again) {}

    /**
     * @param held what the pooler serves now
     * @param heldAuthorities those that came with it, PEM; empty when the operator issued it
     * @param named null when the operator issues the certificates
     * @param host by which clients are told to reach the pooler
     * @param names all by which they may
     */
    public static Choice choose(
            @Nullable CertificatePair held,
            String heldAuthorities,
            @Nullable Named named,
            Authorities authorities,
            String host,
            List<String> names,
            Instant now) {
        if (named == null) {
            return issued(held, authorities, host, names, now);
        }
        var checked = PairCheck.check(named.certificate(), named.key(), List.of(host), now);
        var distrust = checked.pair().flatMap(pair -> PairCheck.distrust(pair, named.authorities(), now));
        if (checked.pair().isPresent() && checked.until().isPresent() && distrust.isEmpty()) {
            return good(checked.pair().get(), checked, named, now);
        }
        var problem = Optional.ofNullable(named.trouble()).or(checked::problem).or(() -> distrust);
        var until = until(held, host, now);
        if (held != null && until.isPresent() && !isOwn(held, authorities, now)) {
            return new Choice(held, heldAuthorities, problem, until.get(), beginOr(until.get(), checked, now));
        }
        var own = issued(held, authorities, host, names, now);
        return new Choice(own.pair(), "", problem, own.until(), beginOr(own.again(), checked, now));
    }

    /** When the named one begins, if that is still to come and sooner: then it is looked at again. */
    private static Instant beginOr(Instant again, PairCheck.Result checked, Instant now) {
        return checked.from()
                .filter(from -> from.isAfter(now) && from.isBefore(again))
                .orElse(again);
    }

    private static Choice good(CertificatePair pair, PairCheck.Result checked, Named named, Instant now) {
        var until = checked.until().orElseThrow();
        var third = checked.from()
                .map(from -> Duration.between(from, until).dividedBy(3))
                .orElse(WARNING);
        var warnAt = until.minus(third.compareTo(WARNING) < 0 ? third.dividedBy(2) : WARNING);
        var ending = now.isBefore(warnAt)
                ? Optional.<String>empty()
                : Optional.of("the certificate ends at " + until + " and was not renewed; renew it");
        return new Choice(
                pair,
                authorities(named.authorities()),
                Optional.ofNullable(named.trouble()).or(() -> ending),
                until,
                ending.isPresent() ? until : warnAt);
    }

    /** The certificates of a text, written as we write them; empty when there is none or it cannot be read. */
    public static String authorities(@Nullable String pem) {
        try {
            return pem == null ? "" : Pem.write(Pem.certificates(pem));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isOwn(CertificatePair held, Authorities authorities, Instant now) {
        return authorities.vouchFor(Pem.certificates(held.chain()).get(0), now);
    }

    /** When a pair ends that clients would take now; empty when they would not. */
    private static Optional<Instant> until(@Nullable CertificatePair held, String host, Instant now) {
        return Optional.ofNullable(held)
                .flatMap(pair -> PairCheck.check(pair.chain(), pair.key().value(), List.of(host), now)
                        .until());
    }

    private static Choice issued(
            @Nullable CertificatePair held, Authorities authorities, String host, List<String> names, Instant now) {
        if (held != null && until(held, host, now).isPresent() && isOwn(held, authorities, now)) {
            var kept = own(held);
            if (now.isBefore(kept.again())) {
                return kept;
            }
        }
        return own(authorities.issue(names, now));
    }

    /** One that the operator issued, until it is to be renewed. */
    private static Choice own(CertificatePair pair) {
        var certificate = Pem.certificates(pair.chain()).get(0);
        return new Choice(
                pair, "", Optional.empty(), certificate.getNotAfter().toInstant(), Authorities.renewAt(certificate));
    }
}
