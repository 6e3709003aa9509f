package io.tenantpool.upstream;

/**
 * An upstream of a PoolerCluster.
 *
 * @param clusterUid tells PoolerClusters of the same name apart that followed each other
 * @param upstream its name
 */
public record UpstreamKey(String clusterUid, String namespace, String cluster, String upstream) {}
