package io.tenantpool.model;

/**
 * What a PoolerCluster keeps to itself.
 *
 * @param salt makes revisions useless for guessing passwords
 */
public record PoolerKeys(Secret consolePassword, Secret salt) {}
