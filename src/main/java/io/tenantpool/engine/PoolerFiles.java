package io.tenantpool.engine;

import io.tenantpool.model.Secret;
import java.util.Map;

/**
 * The entries of a pooler Secret.
 *
 * @param projected what the pods see
 * @param kept what only the operator reads
 * @param revision changes when and only when a pod has to read its files again
 * @param sentinel password of the sentinel user, which is the last one of the user list
 */
public record PoolerFiles(Map<String, Secret> projected, Map<String, Secret> kept, String revision, Secret sentinel) {}
