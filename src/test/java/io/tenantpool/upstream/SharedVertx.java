package io.tenantpool.upstream;

import io.vertx.core.Vertx;

/**
 * One for all tests, never closed: each connection leaves a client to the finalizers, and those of a Vert.x that is
 * closed fill the log with complaints.
 */
final class SharedVertx {
    static final Vertx VERTX = Vertx.vertx();

    private SharedVertx() {}
}
