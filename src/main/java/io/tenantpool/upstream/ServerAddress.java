package io.tenantpool.upstream;

/** Where one server is. */
public record ServerAddress(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
