package io.tenantpool.delivery;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings one pod to the wanted revision: kick, RELOAD, read the marker, log in as the sentinel; again until it shows.
 * Confined to the delivery loop; at most one conversation with the pod at a time.
 */
final class PodLink {
    private static final Logger LOG = Logger.getLogger(PodLink.class);
    private static final Duration STARTING = Duration.ofSeconds(15);
    private static final Duration SLOWEST_RETRY = Duration.ofSeconds(2);

    private final PodSurroundings around;
    private final Kick kick;
    private final TrafficSwitch traffic;
    private final ReloadPace pace;
    private final PeerId peer;
    private PodView view;
    private @Nullable Console console;
    private @Nullable String shown;
    private @Nullable String current;
    private @Nullable String version;
    private @Nullable String certificate;
    private @Nullable Instant behindSince;
    private @Nullable Instant runningSince;
    private @Nullable Instant leavingSince;
    private Instant notBefore = Instant.MIN;
    private int failures;
    private boolean busy;
    private boolean closed;

    PodLink(PodSurroundings around, PodView view) {
        this.around = around;
        this.kick = new Kick(around);
        this.traffic = new TrafficSwitch(around);
        this.pace = new ReloadPace(around);
        this.peer = new PeerId(around);
        this.view = view;
        runningSince = around.clock().instant();
    }

    PodView view() {
        return view;
    }

    void update(PodView newer) {
        if (newer.terminating() && !view.terminating() || !newer.trafficOn() && view.trafficOn()) {
            leavingSince = around.clock().instant();
        }
        if (!Objects.equals(view.startedAt(), newer.startedAt())) {
            runningSince = around.clock().instant(); // by this clock: the node's may differ
            shown = null; // another process
            peer.restarted();
        }
        view = newer;
        peer.give(newer);
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

    /** The program that the pod runs, or null before it was asked. */
    @Nullable
    String version() {
        return version;
    }

    /** The fingerprint of the certificate that the pod last showed: empty in plain text, null before it was asked. */
    @Nullable
    String certificate() {
        return certificate;
    }

    PeerId peer() {
        return peer;
    }

    /** How long the pod has not served what is wanted; zero when it does. */
    Duration behind() {
        return isCurrent() || behindSince == null
                ? Duration.ZERO
                : Duration.between(behindSince, around.clock().instant());
    }

    /** How long ago the pod's container was first seen to run. */
    Duration age() {
        return runningSince == null
                ? Duration.ZERO
                : Duration.between(runningSince, around.clock().instant());
    }

    /** Whether the Service sends clients to the pod, or is about to. */
    boolean inTraffic() {
        return view.trafficOn() || traffic.isGoing(true);
    }

    boolean isLeavingTraffic() {
        return !view.trafficOn() || traffic.isGoing(false);
    }

    /** When the pod was last seen to leave traffic, or null. */
    @Nullable
    Instant leavingSince() {
        return leavingSince;
    }

    /** Takes the next step if one is due; harmless to call at any time. */
    void advance() {
        var wanted = around.wanted();
        if (closed || wanted == null || !view.reachable()) {
            return;
        }
        if (isCurrent()) {
            behindSince = null;
            if (!peer.isAwaited(view, age())) {
                closeConsole();
                return;
            }
        }
        var now = around.clock().instant();
        if (behindSince == null && !isCurrent()) {
            behindSince = now;
        }
        if (busy || now.isBefore(notBefore)) {
            return;
        }
        busy = true;
        conversation(wanted).onComplete(result -> around.loop().execute(() -> {
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

    void traffic(boolean on) {
        traffic.set(view, on);
    }

    private Future<Void> conversation(Wanted wanted) {
        try {
            return converse(wanted);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Void> converse(Wanted wanted) {
        if (console == null) {
            if (current != null) {
                kick(wanted); // the console can be opened meanwhile; a pod never met may be up to date already
            }
            return around.openConsole(view, wanted).compose(opened -> handOver(() -> keep(opened)));
        }
        var session = console;
        if (shown == null) {
            return session.version()
                    .compose(text -> handOver(() -> version = text))
                    .compose(done -> session.shown())
                    .compose(this::seen);
        }
        if (!isCurrent()) {
            kick(wanted);
        }
        var start = around.clock().instant();
        return session.reload()
                .compose(done -> {
                    var took = Duration.between(start, around.clock().instant());
                    around.reloaded(took);
                    return handOver(() -> rest(pace.after(took)));
                })
                .compose(done -> session.shown())
                .compose(this::seen);
    }

    private void keep(Console opened) {
        if (closed || !view.reachable()) {
            opened.close(); // an open session would keep a pod that shuts down alive
        } else {
            console = opened;
        }
    }

    /** A revision that was wanted a moment ago counts, too: with a stream of changes a pod never shows the newest. */
    private Future<Void> seen(Console.Shown answer) {
        Promise<Void> promise = Promise.promise();
        var marker = answer.marker();
        around.loop().execute(() -> {
            shown = marker;
            peer.shown(view, answer.peerId());
            var sentinel = marker.equals(current) ? null : around.sentinel(marker);
            if (sentinel == null) {
                promise.complete();
            } else {
                around.loginAsSentinel(view, sentinel)
                        .compose(fingerprint -> handOver(() -> {
                            certificate = fingerprint;
                            reached(marker);
                        }))
                        .onComplete(promise);
            }
        });
        return promise.future();
    }

    private void reached(String marker) {
        LOG.debugf("Pooler pod %s/%s serves revision %s", view.namespace(), view.name(), marker);
        current = marker;
        failures = 0;
        behindSince = null;
        if (isCurrent()) {
            kick.sent(marker).ifPresent(pace::delivered);
        }
        around.nowCurrent(this);
    }

    /** Runs {@code change} on the loop: futures complete on the threads of the sockets. */
    private Future<Void> handOver(Runnable change) {
        var promise = Promise.<Void>promise();
        around.loop().execute(() -> {
            try {
                change.run();
                promise.complete();
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    private void kick(Wanted wanted) {
        if (kick.send(view, wanted.revision())) {
            rest(pace.afterKick());
        }
    }

    private void rest(Duration pause) {
        notBefore = around.clock().instant().plus(pause);
        wake(pause);
    }

    private void failed(Throwable cause) {
        failures++;
        closeConsole();
        var pause = Duration.ofMillis(Math.min(SLOWEST_RETRY.toMillis(), 100L << Math.min(failures - 1, 5)));
        if (!view.ready() && age().compareTo(STARTING) < 0) {
            pause = Duration.ofMillis(100); // a pod that starts listens any moment, and joins 3 s after its start
        }
        LOG.debugf("Pooler pod %s/%s: %s; again in %d ms", view.namespace(), view.name(), cause, pause.toMillis());
        rest(pause);
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
