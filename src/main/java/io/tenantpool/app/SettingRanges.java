package io.tenantpool.app;

import io.tenantpool.config.TenantpoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges of docs/configuration.md. Out of them the operator would start and then do nothing, or do it without end:
 * with no proofs at a time, no Tenant would ever be ready.
 */
final class SettingRanges {
    private final List<String> broken = new ArrayList<>();

    private SettingRanges() {}

    /** A sentence for each setting that is out of its range, with the property, the range and the value. */
    static List<String> broken(TenantpoolConfig config) {
        var ranges = new SettingRanges();
        ranges.whole("pooler.secret-bytes-per-second", config.pooler().secretBytesPerSecond(), 1000, 1_000_000_000);
        ranges.delivery(config.delivery());
        ranges.removedRoles(config.removedRoles());
        ranges.duration("upstream.timeout", config.upstream().timeout(), millis(100), minutes(1));
        ranges.duration("status.pending-after", config.status().pendingAfter(), Duration.ZERO, minutes(1));
        ranges.duration("status.counts-every", config.status().countsEvery(), Duration.ZERO, minutes(60));
        ranges.duration("health.pools-max-age", config.health().poolsMaxAge(), Duration.ZERO, minutes(1));
        ranges.certificates(config.certificates());
        config.operator().namespace().ifPresent(ranges::namespace);
        return List.copyOf(ranges.broken);
    }

    private void delivery(TenantpoolConfig.Delivery delivery) {
        whole("delivery.proofs-per-upstream", delivery.proofsPerUpstream(), 1, 1000);
        duration("delivery.poll-interval", delivery.pollInterval(), millis(10), minutes(1));
        var share = delivery.reloadShare();
        check(share > 0 && share <= 1, "delivery.reload-share", "above 0 and at most 1", share);
        duration("delivery.console-timeout", delivery.consoleTimeout(), millis(100), minutes(1));
        duration("delivery.login-timeout", delivery.loginTimeout(), millis(100), minutes(1));
        duration("delivery.patience", delivery.patience(), millis(1000), minutes(60));
    }

    private void certificates(TenantpoolConfig.Certificates settings) {
        duration("certificates.lifetime", settings.lifetime(), minutes(10), days(825));
        duration("certificates.authority-lifetime", settings.authorityLifetime(), minutes(60), days(7300));
        // A third of its life is what is left of an authority when the next one is made.
        var longest = settings.authorityLifetime().dividedBy(3);
        duration("certificates.authority-overlap", settings.authorityOverlap(), Duration.ZERO, longest);
        duration("certificates.console-every", settings.consoleEvery(), minutes(1), days(365));
    }

    private void namespace(String name) {
        check(
                name.length() <= 63 && name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"),
                "operator.namespace",
                "the name of a namespace",
                name);
    }

    private void removedRoles(TenantpoolConfig.RemovedRoles roles) {
        whole("removed-roles.most", roles.most(), 1, 100_000);
        duration("removed-roles.age", roles.age(), minutes(60), Duration.ofDays(365));
        duration("removed-roles.pause", roles.pause(), minutes(1), Duration.ofDays(7));
    }

    private void whole(String property, long value, long least, long most) {
        check(value >= least && value <= most, property, least + " to " + most, value);
    }

    private void duration(String property, Duration value, Duration least, Duration most) {
        check(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                property,
                text(least) + " to " + text(most),
                text(value));
    }

    private void check(boolean holds, String property, String range, Object value) {
        if (!holds) {
            broken.add("tenantpool." + property + " must be " + range + ", but is " + value);
        }
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static Duration minutes(long minutes) {
        return Duration.ofMinutes(minutes);
    }

    private static Duration days(long days) {
        return Duration.ofDays(days);
    }

    /** In the units that the setting is written in. */
    private static String text(Duration duration) {
        if (duration.toNanosPart() == 0) {
            return duration.toSeconds() + "s";
        }
        return duration.equals(millis(duration.toMillis())) ? duration.toMillis() + "ms" : duration.toString();
    }
}
