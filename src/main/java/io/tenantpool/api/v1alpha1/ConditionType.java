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
    /** PoolerCluster, unless it takes plain text only: the poolers show a certificate that clients can trust. */
    CertificateValid,
    /** PoolerCluster, only with a TLS mode that verifies: the servers of PostgreSQL are who they should be. */
    UpstreamsVerified,
    /** PoolerCluster, only while it is not so: changed passwords are tried on PostgreSQL before they are served. */
    PasswordsChecked,
    /** PoolerCluster, only while it is so: pods run a version of the pooler program that has known holes. */
    Vulnerable
}
