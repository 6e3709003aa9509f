package io.tenantpool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A /16 of 127.0.0.0/8 of one's own, so that every pod and Service has an address and two harnesses on one machine
 * never meet. A listening socket at its end is the lock.
 */
final class LoopbackNetwork implements AutoCloseable {
    private static final int LOCK_PORT = 65_000;

    private final int number;
    private final ServerSocket lock;
    private final AtomicInteger pods = new AtomicInteger();
    private final AtomicInteger services = new AtomicInteger();
    private final AtomicInteger hosts = new AtomicInteger();

    private LoopbackNetwork(int number, ServerSocket lock) {
        this.number = number;
        this.lock = lock;
    }

    static LoopbackNetwork acquire() {
        for (int number = 10; number < 250; number++) {
            try {
                InetAddress last = InetAddress.getByName("127." + number + ".255.254");
                return new LoopbackNetwork(number, new ServerSocket(LOCK_PORT, 1, last));
            } catch (IOException taken) {
                // Somebody else's: the next one then; the end of the loop is the failure.
            }
        }
        throw new IllegalStateException("no free network in 127.0.0.0/8");
    }

    String nextPod() {
        return next(0, pods);
    }

    String nextService() {
        return next(100, services);
    }

    String nextHost() {
        return next(200, hosts);
    }

    private String next(int third, AtomicInteger counter) {
        // An address is not used again soon: nobody mistakes a new pod for the one that had it before.
        int n = counter.getAndIncrement();
        return "127." + number + "." + (third + (n / 250) % 100) + "." + (1 + n % 250);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
