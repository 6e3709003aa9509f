package io.tenantpool.model;

/** The primary of a PostgreSQL server. */
public record UpstreamModel(String name, String host, int port) {}
