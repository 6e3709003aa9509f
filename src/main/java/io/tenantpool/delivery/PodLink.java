package io.tenantpool.delivery;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings one pod to the wanted revision: kick, RELOAD, read the marker, log in as the sentinel; again until it shows.
 * Confined to the delivery loop; at most one conversation with the pod at a time.
 */
final class PodLink {
    private static final Logger LOG = Logger.getLogger(PodLink.class);
    private static final Duration KICK_AGAIN = Duration.ofSeconds(1);
    private static final Duration FIRST_RELOAD_AFTER_KICK = Duration.ofMillis(60);
    private static final Duration SLOWEST_RETRY = Duration.ofSeconds(2);

    private final Surroundings around;
    private PodView view;
    private @Nullable Console console;
    private @Nullable String shown;
    private @Nullable String current;
    private @Nullable Instant behindSince;
    private @Nullable Instant terminatingSince;
    private Instant kickedAt = Instant.MIN;
    private String kickedFor = "";
    private Instant notBefore = Instant.MIN;
    private int failures;
    private boolean busy;
    private boolean switching;
    private boolean closed;

    PodLink(Surroundings around, PodView view) {
        this.around = around;
        this.view = view;
    }

    /** What a link needs of the pooler it belongs to. */
    interface Surroundings {
        DeliveryLoop loop();

        Clock clock();

        DeliverySettings settings();

        PodApi api();

        /** @return null while nothing is wanted */
        @Nullable
        Wanted wanted();

        Future<Console> openConsole(PodView pod, Wanted wanted);

        /** Whether the user list was read to its end. */
        Future<Void> loginAsSentinel(PodView pod, Wanted wanted);

        void reloaded(Duration duration);

        void kicked();

        void nowCurrent(PodLink link);
    }

    PodView view() {
        return view;
    }

    void update(PodView newer) {
        if (newer.terminating() && !view.terminating()) {
            terminatingSince = around.clock().instant();
        }
        view = newer;
        if (!newer.reachable()) {
            closeConsole(); // an open session would keep a pod that shuts down alive
        }
        advance();
    }

    /** The revision that the pod was proven to serve, or null. */
    @Nullable
    String current() {
        return current;
    }

    boolean isCurrent() {
        var wanted = around.wanted();
        return wanted != null && wanted.revision().equals(current);
    }

    /** How long the pod has not served what is wanted; zero when it does. */
    Duration behind() {
        return isCurrent() || behindSince == null
                ? Duration.ZERO
                : Duration.between(behindSince, around.clock().instant());
    }

    /** When the pod was seen to shut down, or null. */
    @Nullable
    Instant terminatingSince() {
        return terminatingSince;
    }

    /** Takes the next step if one is due; harmless to call at any time. */
    void advance() {
        var wanted = around.wanted();
        if (closed || wanted == null || !view.reachable()) {
            return;
        }
        if (isCurrent()) {
            behindSince = null;
            closeConsole();
            return;
        }
        var now = around.clock().instant();
        if (behindSince == null) {
            behindSince = now;
        }
        if (busy || now.isBefore(notBefore)) {
            return;
        }
        busy = true;
        converse(wanted).onComplete(result -> around.loop().execute(() -> {
            busy = false;
            if (result.failed()) {
                failed(result.cause());
            }
            advance();
        }));
    }

    void close() {
        closed = true;
        closeConsole();
    }

    /** Switches the pod's traffic, once at a time. */
    void traffic(boolean on) {
        if (switching || view.trafficOn() == on) {
            return;
        }
        switching = true;
        LOG.infof(
                "%s pooler pod %s/%s: it is %s",
                on ? "Traffic to" : "No traffic to",
                view.namespace(),
                view.name(),
                on ? "up to date" : "behind and can't be reached");
        around.api().traffic(view, on).whenComplete((done, failure) -> around.loop()
                .execute(() -> {
                    switching = false;
                    if (failure != null) {
                        LOG.debugf(failure, "Pod %s/%s was not relabelled", view.namespace(), view.name());
                    }
                }));
    }

    private Future<Void> converse(Wanted wanted) {
        if (console == null) {
            if (current != null) {
                kick(wanted); // the console can be opened meanwhile; a pod never met may be up to date already
            }
            return around.openConsole(view, wanted).compose(opened -> handOver(() -> console = opened));
        }
        var session = console;
        if (shown == null) {
            return session.marker().compose(marker -> seen(wanted, marker));
        }
        kick(wanted);
        var start = around.clock().instant();
        return session.reload()
                .compose(done -> {
                    var took = Duration.between(start, around.clock().instant());
                    around.reloaded(took);
                    return handOver(() -> pause(took));
                })
                .compose(done -> session.marker())
                .compose(marker -> seen(wanted, marker));
    }

    private Future<Void> seen(Wanted wanted, String marker) {
        if (!wanted.revision().equals(marker)) {
            return handOver(() -> shown = marker);
        }
        return around.loginAsSentinel(view, wanted)
                .compose(done -> handOver(() -> {
                    shown = marker;
                    current = marker;
                    failures = 0;
                    behindSince = null;
                    closeConsole();
                    around.nowCurrent(this);
                }));
    }

    /** Runs {@code change} on the loop: futures complete on the threads of the sockets. */
    private Future<Void> handOver(Runnable change) {
        var promise = io.vertx.core.Promise.<Void>promise();
        around.loop().execute(() -> {
            change.run();
            promise.complete();
        });
        return promise.future();
    }

    private void kick(Wanted wanted) {
        var now = around.clock().instant();
        var again = !kickedFor.equals(wanted.revision()) || now.isAfter(kickedAt.plus(KICK_AGAIN));
        if (!around.settings().kick() || !again) {
            return;
        }
        kickedFor = wanted.revision();
        kickedAt = now;
        notBefore = now.plus(FIRST_RELOAD_AFTER_KICK);
        wake(FIRST_RELOAD_AFTER_KICK);
        around.kicked();
        around.api().kick(view, wanted.revision()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debugf(failure, "Pod %s/%s was not annotated", view.namespace(), view.name());
            }
        });
    }

    /** Keeps RELOAD, which stops the pooler's only thread, to a small part of the pod's time. */
    private void pause(Duration reload) {
        var settings = around.settings();
        var rest = Duration.ofNanos((long) (reload.toNanos() / settings.reloadShare()));
        var pause = rest.compareTo(settings.pollInterval()) < 0 ? settings.pollInterval() : rest;
        if (pause.compareTo(SLOWEST_RETRY) > 0) {
            pause = SLOWEST_RETRY;
        }
        notBefore = around.clock().instant().plus(pause);
        wake(pause);
    }

    private void failed(Throwable cause) {
        failures++;
        shown = null;
        closeConsole();
        var pause = Duration.ofMillis(Math.min(SLOWEST_RETRY.toMillis(), 100L << Math.min(failures - 1, 5)));
        if (!view.ready()) {
            pause = Duration.ofMillis(100); // a pod that starts listens any moment, and joins 3 s after its start
        }
        LOG.debugf("Pooler pod %s/%s: %s; again in %d ms", view.namespace(), view.name(), cause, pause.toMillis());
        notBefore = around.clock().instant().plus(pause);
        wake(pause);
    }

    private void wake(Duration delay) {
        around.loop().after(delay.plusMillis(1), this::advance);
    }

    private void closeConsole() {
        if (console != null) {
            console.close();
            console = null;
        }
    }
}
