package io.tenantpool.api.v1alpha1;

/** The conditions of both kinds. */
public enum ConditionType {
    /** The spec resolves, is allowed and fits. */
    Accepted,
    /** Every pod in traffic of every door serves the current content. */
    Programmed,
    /** A login as each user succeeded through every such pod and the published address. */
    Ready,
    /** PoolerCluster: no more server connections are promised than there are. */
    WithinBudget,
    /** PoolerCluster, only while it is so: idle server connections are let go quickly, because they run out. */
    Braking,
    /** PoolerCluster, only while it is so: pods run a version of the pooler program that has known holes. */
    Vulnerable
}
