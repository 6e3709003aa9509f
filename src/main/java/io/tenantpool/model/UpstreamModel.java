package io.tenantpool.model;

/**
 * Where the connections of a pool lead to.
 *
 * @param name of the upstream
 * @param host one host, or several read-only ones with commas between them, which are used in turn
 */
public record UpstreamModel(String name, String host, int port) {}
