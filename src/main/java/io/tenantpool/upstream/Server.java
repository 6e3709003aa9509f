package io.tenantpool.upstream;

import io.tenantpool.model.Secret;

/**
 * Where to ask and as whom.
 *
 * @param host the server that takes writes: PostgreSQL does not let a replica have a lower {@code max_connections}
 * @param tls whether the server is to encrypt, and how it shows who it is
 */
public record Server(String host, int port, String user, Secret password, Transport tls) {
    String address() {
        return host + ":" + port;
    }

    boolean isAt(Server other) {
        return address().equals(other.address());
    }
}
