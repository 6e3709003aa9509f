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
            @Nullable String trouble) {}

    /**
     * What to serve.
     *
     * @param problem of the pair that was named, with the remedy
     * @param until the end of what is served
     * @param again when something is due: a renewal, or a warning
     */
    public record Choice(CertificatePair pair, Optional<String> problem, Instant until, Instant again) {}

    /**
     * @param held what the pooler serves now
     * @param named null when the operator issues the certificates
     * @param host by which clients are told to reach the pooler
     * @param names all by which they may
     */
    public static Choice choose(
            @Nullable CertificatePair held,
            @Nullable Named named,
            Authorities authorities,
            String host,
            List<String> names,
            Instant now) {
        if (named == null) {
            return issued(held, authorities, host, names, now);
        }
        var checked = PairCheck.check(named.certificate(), named.key(), List.of(host), now);
        if (checked.pair().isPresent() && checked.until().isPresent()) {
            var until = checked.until().get();
            var warnAt = until.minus(WARNING);
            var ending = now.isBefore(warnAt)
                    ? Optional.<String>empty()
                    : Optional.of("the certificate ends at " + until + " and was not renewed; renew it");
            return new Choice(
                    checked.pair().get(),
                    Optional.ofNullable(named.trouble()).or(() -> ending),
                    until,
                    ending.isPresent() ? until : warnAt);
        }
        var problem = Optional.ofNullable(named.trouble()).or(checked::problem);
        var last = last(held, host, now);
        if (last.isPresent()) {
            return new Choice(
                    last.get().pair(), problem, last.get().until(), last.get().until());
        }
        var own = issued(null, authorities, host, names, now);
        return new Choice(own.pair(), problem, own.until(), own.again());
    }

    /** The certificates of a text, written as we write them; empty when there is none or it cannot be read. */
    public static String authorities(@Nullable String pem) {
        try {
            return pem == null ? "" : Pem.write(Pem.certificates(pem));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Optional<Choice> last(@Nullable CertificatePair held, String host, Instant now) {
        if (held == null) {
            return Optional.empty();
        }
        var checked = PairCheck.check(held.chain(), held.key().value(), List.of(host), now);
        return checked.until().map(until -> new Choice(held, Optional.empty(), until, until));
    }

    private static Choice issued(
            @Nullable CertificatePair held, Authorities authorities, String host, List<String> names, Instant now) {
        if (held != null && last(held, host, now).isPresent()) {
            var own = Pem.certificates(held.chain()).get(0);
            if (authorities.vouchFor(own, now) && now.isBefore(Authorities.renewAt(own))) {
                return new Choice(held, Optional.empty(), own.getNotAfter().toInstant(), Authorities.renewAt(own));
            }
        }
        var pair = authorities.issue(names, now);
        var own = Pem.certificates(pair.chain()).get(0);
        return new Choice(pair, Optional.empty(), own.getNotAfter().toInstant(), Authorities.renewAt(own));
    }
}
