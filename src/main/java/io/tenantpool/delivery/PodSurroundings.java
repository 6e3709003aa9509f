package io.tenantpool.delivery;

import io.tenantpool.engine.ConsoleDialect;
import io.tenantpool.model.Secret;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a link needs of the pooler it belongs to. */
interface PodSurroundings {
    DeliveryLoop loop();

    Clock clock();

    DeliverySettings settings();

    PodApi api();

    /** @return null while nothing is wanted */
    @Nullable
    Wanted wanted();

    Future<Console> openConsole(PodView pod, Wanted wanted);

    /**
     * Whether the user list was read to its end.
     *
     * @return the fingerprint of the certificate that the pod showed; empty in plain text
     */
    Future<String> loginAsSentinel(PodView pod, Secret password);

    /** The sentinel's password of a revision that was wanted, now or before; null for an unknown one. */
    @Nullable
    Secret sentinel(String revision);

    void reloaded(Duration duration);

    void kicked();

    void nowCurrent(PodLink link);

    /** A peer id that no pod of the pooler has; the same pod gets the same one as long as it is free. */
    int freePeerId(PodView pod);

    ConsoleDialect dialect();
}
